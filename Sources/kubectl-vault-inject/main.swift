import VaultInjectCLI

VaultInject.start()
