import VaultInjectCLI

Program.start()
