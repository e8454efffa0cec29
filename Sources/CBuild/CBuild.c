#include "CBuild.h"

const char *vault_inject_commit(void) { return VAULT_INJECT_COMMIT; }
