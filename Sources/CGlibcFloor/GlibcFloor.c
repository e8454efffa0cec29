/// What keeps a release running with glibc 2.34 (RHEL 9, Amazon Linux 2023, Ubuntu 22.04), wherever it was built.
///
/// A program needs the newest version of glibc that any of its symbols is from, whether it calls the function or not.
/// Swift's archives and libstdc++'s ask for two symbols that are newer: having them here, hidden from everything
/// else, keeps them from being taken from glibc. Tests/Distribution/test_archive.py reads what a release asks for.
#ifdef __linux__
#include <features.h>
#endif

#ifdef __GLIBC__
#include <errno.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/random.h>

#define OURS __attribute__((visibility("hidden")))

/// From glibc 2.36; libstdc++'s `random_device` asks for it.
OURS uint32_t arc4random(void) {
  uint32_t number;
  // So few bytes come whole, or not at all.
  while (getrandom(&number, sizeof number, 0) != (ssize_t)sizeof number) {
    if (errno != EINTR) abort();
  }
  return number;
}

/// Has a new version in glibc 2.35, which differs in how it reports an overflow; Swift's `hypot` asks for it.
OURS float hypotf(float x, float y) {
  if (isinf(x) || isinf(y)) return INFINITY;
  // The squares of two floats and their sum fit into a double.
  return (float)sqrt((double)x * x + (double)y * y);
}
#endif
