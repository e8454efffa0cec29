// What is known of a program only when it is built.

#pragma once

/// The commit that the program was built of, as Git abbreviates it; empty where nobody said.
const char *_Nonnull vault_inject_commit(void);
