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
