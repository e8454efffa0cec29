/// A pod's template as Kubernetes' API version `v1` has it, as far as injections reach.
///
/// What is not named here is told apart by its spelling.
enum PodRecord {
  static let template = GoRecord(
    "v1.PodTemplateSpec", ["metadata": .always(.record(metadata)), "spec": .always(.record(spec))])

  private static let metadata = GoRecord("v1.ObjectMeta", ["labels": .map(.text), "annotations": .map(.text)])

  private static let spec = GoRecord(
    "v1.PodSpec",
    [
      "volumes": .list(.record(volume)), "initContainers": .list(.record(ContainerRecord.container)),
      "containers": .always(.list(.record(ContainerRecord.container))), "restartPolicy": .text,
      "terminationGracePeriodSeconds": .optional(.integer(bits: 64)), "dnsPolicy": .text,
      "nodeSelector": .map(.text), "serviceAccountName": .text, "serviceAccount": .text,
      "automountServiceAccountToken": .optional(.flag), "nodeName": .text, "hostNetwork": .flag, "hostPID": .flag,
      "hostIPC": .flag, "shareProcessNamespace": .optional(.flag), "imagePullSecrets": .list(.record(localReference)),
      "hostname": .text, "subdomain": .text, "schedulerName": .text, "priorityClassName": .text,
      "enableServiceLinks": .optional(.flag), "overhead": .map(.quantity),
    ])

  private static let localReference = GoRecord("v1.LocalObjectReference", ["name": .text])

  // MARK: Volumes

  private static let volume = GoRecord(
    "v1.Volume",
    [
      "name": .always(.text), "emptyDir": .optional(.record(emptyDir)), "hostPath": .optional(.record(hostPath)),
      "secret": .optional(.record(secret)), "configMap": .optional(.record(configMap)),
      "downwardAPI": .optional(.record(downwardAPI)), "projected": .optional(.record(projected)),
      "csi": .optional(.record(csi)), "persistentVolumeClaim": .optional(.record(claim)),
    ])

  private static let emptyDir = GoRecord(
    "v1.EmptyDirVolumeSource", ["medium": .text, "sizeLimit": .optional(.quantity)])

  private static let hostPath = GoRecord(
    "v1.HostPathVolumeSource", ["path": .always(.text), "type": .optional(.text)])

  private static let secret = GoRecord(
    "v1.SecretVolumeSource",
    [
      "secretName": .text, "items": .list(.record(keyToPath)), "defaultMode": mode, "optional": .optional(.flag),
    ])

  private static let configMap = GoRecord(
    "v1.ConfigMapVolumeSource",
    ["name": .text, "items": .list(.record(keyToPath)), "defaultMode": mode, "optional": .optional(.flag)])

  private static let downwardAPI = GoRecord(
    "v1.DownwardAPIVolumeSource", ["items": .list(.record(downwardFile)), "defaultMode": mode])

  private static let csi = GoRecord(
    "v1.CSIVolumeSource",
    [
      "driver": .always(.text), "readOnly": .optional(.flag), "fsType": .optional(.text),
      "volumeAttributes": .map(.text), "nodePublishSecretRef": .optional(.record(localReference)),
    ])

  private static let claim = GoRecord(
    "v1.PersistentVolumeClaimVolumeSource", ["claimName": .always(.text), "readOnly": .flag])

  private static let mode = GoRecord.Shape.optional(.integer(bits: 32))

  private static let keyToPath = GoRecord(
    "v1.KeyToPath", ["key": .always(.text), "path": .always(.text), "mode": mode])

  private static let downwardFile = GoRecord(
    "v1.DownwardAPIVolumeFile",
    [
      "path": .always(.text), "fieldRef": .optional(.record(ContainerRecord.fieldReference)),
      "resourceFieldRef": .optional(.record(ContainerRecord.resourceReference)), "mode": mode,
    ])

  // MARK: Projections

  private static let projected = GoRecord(
    "v1.ProjectedVolumeSource", ["sources": .list(.record(projection)), "defaultMode": mode])

  private static let projection = GoRecord(
    "v1.VolumeProjection",
    [
      "secret": .optional(.record(projectedObject("v1.SecretProjection"))),
      "downwardAPI": .optional(
        .record(GoRecord("v1.DownwardAPIProjection", ["items": .list(.record(downwardFile))]))),
      "configMap": .optional(.record(projectedObject("v1.ConfigMapProjection"))),
      "serviceAccountToken": .optional(
        .record(
          GoRecord(
            "v1.ServiceAccountTokenProjection",
            ["audience": .text, "expirationSeconds": .optional(.integer(bits: 64)), "path": .always(.text)]))),
    ])

  private static func projectedObject(_ type: String) -> GoRecord {
    GoRecord(type, ["name": .text, "items": .list(.record(keyToPath)), "optional": .optional(.flag)])
  }
}

/// A container as Kubernetes' API version `v1` has it.
enum ContainerRecord {
  static let container = GoRecord(
    "v1.Container",
    [
      "name": .always(.text), "image": .text, "command": .list(.text), "args": .list(.text), "workingDir": .text,
      "ports": .list(.record(port)), "envFrom": .list(.record(environmentSource)),
      "env": .list(.record(variable)), "resources": .always(.record(resources)),
      "resizePolicy": .list(.record(resizePolicy)), "restartPolicy": .optional(.text),
      "restartPolicyRules": .list(.record(restartRule)), "volumeMounts": .list(.record(volumeMount)),
      "volumeDevices": .list(.record(volumeDevice)), "livenessProbe": .optional(.record(probe)),
      "readinessProbe": .optional(.record(probe)), "startupProbe": .optional(.record(probe)),
      "lifecycle": .optional(.record(lifecycle)), "terminationMessagePath": .text,
      "terminationMessagePolicy": .text, "imagePullPolicy": .text,
      "securityContext": .optional(.record(securityContext)), "stdin": .flag, "stdinOnce": .flag, "tty": .flag,
    ])

  private static let port = GoRecord(
    "v1.ContainerPort",
    [
      "name": .text, "hostPort": .integer(bits: 32), "containerPort": .always(.integer(bits: 32)),
      "protocol": .text, "hostIP": .text,
    ])

  // MARK: Environment

  private static let environmentSource = GoRecord(
    "v1.EnvFromSource",
    [
      "prefix": .text, "configMapRef": .optional(.record(objectReference("v1.ConfigMapEnvSource"))),
      "secretRef": .optional(.record(objectReference("v1.SecretEnvSource"))),
    ])

  private static let variable = GoRecord(
    "v1.EnvVar", ["name": .always(.text), "value": .text, "valueFrom": .optional(.record(variableSource))])

  private static let variableSource = GoRecord(
    "v1.EnvVarSource",
    [
      "fieldRef": .optional(.record(fieldReference)), "resourceFieldRef": .optional(.record(resourceReference)),
      "configMapKeyRef": .optional(.record(keyReference("v1.ConfigMapKeySelector"))),
      "secretKeyRef": .optional(.record(keyReference("v1.SecretKeySelector"))),
      "fileKeyRef": .optional(
        .record(
          GoRecord(
            "v1.FileKeySelector",
            [
              "volumeName": .always(.text), "path": .always(.text), "key": .always(.text),
              "optional": .optional(.flag),
            ]))),
    ])

  static let fieldReference = GoRecord(
    "v1.ObjectFieldSelector", ["apiVersion": .text, "fieldPath": .always(.text)])

  static let resourceReference = GoRecord(
    "v1.ResourceFieldSelector",
    ["containerName": .text, "resource": .always(.text), "divisor": .always(.quantity)])

  private static func objectReference(_ type: String) -> GoRecord {
    GoRecord(type, ["name": .text, "optional": .optional(.flag)])
  }

  private static func keyReference(_ type: String) -> GoRecord {
    GoRecord(type, ["name": .text, "key": .always(.text), "optional": .optional(.flag)])
  }

  // MARK: Resources

  private static let resources = GoRecord(
    "v1.ResourceRequirements",
    [
      "limits": .map(.quantity), "requests": .map(.quantity),
      "claims": .list(.record(GoRecord("v1.ResourceClaim", ["name": .always(.text), "request": .text]))),
    ])

  private static let resizePolicy = GoRecord(
    "v1.ContainerResizePolicy", ["resourceName": .always(.text), "restartPolicy": .always(.text)])

  private static let restartRule = GoRecord(
    "v1.ContainerRestartRule",
    [
      "action": .text,
      "exitCodes": .optional(
        .record(
          GoRecord(
            "v1.ContainerRestartRuleOnExitCodes", ["operator": .text, "values": .list(.integer(bits: 32))]))),
    ])

  // MARK: Volumes

  private static let volumeMount = GoRecord(
    "v1.VolumeMount",
    [
      "name": .always(.text), "readOnly": .flag, "recursiveReadOnly": .optional(.text), "mountPath": .always(.text),
      "subPath": .text, "mountPropagation": .optional(.text), "subPathExpr": .text,
    ])

  private static let volumeDevice = GoRecord(
    "v1.VolumeDevice", ["name": .always(.text), "devicePath": .always(.text)])

  // MARK: Probes and hooks

  private static let probe = GoRecord(
    "v1.Probe",
    [
      "exec": .optional(.record(exec)), "httpGet": .optional(.record(httpGet)),
      "tcpSocket": .optional(.record(tcpSocket)),
      "grpc": .optional(
        .record(GoRecord("v1.GRPCAction", ["port": .always(.integer(bits: 32)), "service": .optional(.text)]))),
      "initialDelaySeconds": .integer(bits: 32), "timeoutSeconds": .integer(bits: 32),
      "periodSeconds": .integer(bits: 32), "successThreshold": .integer(bits: 32),
      "failureThreshold": .integer(bits: 32), "terminationGracePeriodSeconds": .optional(.integer(bits: 64)),
    ])

  private static let lifecycle = GoRecord(
    "v1.Lifecycle",
    [
      "postStart": .optional(.record(handler)), "preStop": .optional(.record(handler)),
      "stopSignal": .optional(.text),
    ])

  private static let handler = GoRecord(
    "v1.LifecycleHandler",
    [
      "exec": .optional(.record(exec)), "httpGet": .optional(.record(httpGet)),
      "tcpSocket": .optional(.record(tcpSocket)),
      "sleep": .optional(.record(GoRecord("v1.SleepAction", ["seconds": .always(.integer(bits: 64))]))),
    ])

  private static let exec = GoRecord("v1.ExecAction", ["command": .list(.text)])

  private static let httpGet = GoRecord(
    "v1.HTTPGetAction",
    [
      "path": .text, "port": .always(.integerOrText), "host": .text, "scheme": .text,
      "httpHeaders": .list(.record(GoRecord("v1.HTTPHeader", ["name": .always(.text), "value": .always(.text)]))),
    ])

  private static let tcpSocket = GoRecord(
    "v1.TCPSocketAction", ["port": .always(.integerOrText), "host": .text])

  // MARK: Security

  private static let securityContext = GoRecord(
    "v1.SecurityContext",
    [
      "capabilities": .optional(
        .record(GoRecord("v1.Capabilities", ["add": .list(.text), "drop": .list(.text)]))),
      "privileged": .optional(.flag),
      "seLinuxOptions": .optional(
        .record(GoRecord("v1.SELinuxOptions", ["user": .text, "role": .text, "type": .text, "level": .text]))),
      "windowsOptions": .optional(
        .record(
          GoRecord(
            "v1.WindowsSecurityContextOptions",
            [
              "gmsaCredentialSpecName": .optional(.text), "gmsaCredentialSpec": .optional(.text),
              "runAsUserName": .optional(.text), "hostProcess": .optional(.flag),
            ]))),
      "runAsUser": .optional(.integer(bits: 64)), "runAsGroup": .optional(.integer(bits: 64)),
      "runAsNonRoot": .optional(.flag), "readOnlyRootFilesystem": .optional(.flag),
      "allowPrivilegeEscalation": .optional(.flag), "procMount": .optional(.text),
      "seccompProfile": .optional(.record(profile("v1.SeccompProfile"))),
      "appArmorProfile": .optional(.record(profile("v1.AppArmorProfile"))),
    ])

  private static func profile(_ type: String) -> GoRecord {
    GoRecord(type, ["type": .always(.text), "localhostProfile": .optional(.text)])
  }
}
