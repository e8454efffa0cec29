// Gets between the program and the C library, to let things go wrong where they hardly ever do.
//
//   FAULT_CHANGE=append|replace|touch:PATH   somebody changes a file right before the first rename
//   FAULT_NO_EXCHANGE=1                      the file system cannot exchange two names
//   FAULT_NO_UNNAMED=1                       the file system has no files without names
//   FAULT_FULL=BYTES                         the disk is full after so many bytes in files
//   FAULT_FLUSH=1                            the disk fails when files are flushed
//   FAULT_SIGNAL=NUMBER:STEP                 the process gets a signal at one of its steps, counted from 0
//   FAULT_STEPS=PATH                         how many steps there were is written to a file
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define NEXT(name, type) ((type)dlsym(RTLD_NEXT, name))

// Between any two steps on the way to a replaced file the process may be interrupted.
static void step(void) {
  static int count;
  const char *wanted = getenv("FAULT_SIGNAL"), *steps = getenv("FAULT_STEPS");
  if (wanted && atoi(strchr(wanted, ':') + 1) == count) kill(getpid(), atoi(wanted));
  count++;
  if (steps) {
    FILE *file = fopen(steps, "w");
    fprintf(file, "%d", count);
    fclose(file);
  }
}

static void change(void) {
  const char *wanted = getenv("FAULT_CHANGE");
  static int done;
  if (!wanted || done) return;
  done = 1;
  const char *path = strchr(wanted, ':') + 1;
  if (strncmp(wanted, "touch", 5) == 0) {
    utimensat(AT_FDCWD, path, NULL, 0);
    return;
  }
  int replaces = strncmp(wanted, "replace", 7) == 0;
  char other[4096];
  snprintf(other, sizeof other, "%s.theirs", path);
  FILE *file = fopen(replaces ? other : path, replaces ? "w" : "a");
  fputs("# theirs\n", file);
  fclose(file);
  if (replaces) NEXT("rename", int (*)(const char *, const char *))(other, path);
}

int renameat2(int a, const char *from, int b, const char *to, unsigned flags) {
  change();
  step();
  if (getenv("FAULT_NO_EXCHANGE")) {
    errno = EINVAL;
    return -1;
  }
  int result = NEXT("renameat2", int (*)(int, const char *, int, const char *, unsigned))(a, from, b, to, flags);
  step();
  return result;
}

int rename(const char *from, const char *to) {
  change();
  step();
  int result = NEXT("rename", int (*)(const char *, const char *))(from, to);
  step();
  return result;
}

int linkat(int a, const char *from, int b, const char *to, int flags) {
  int result = NEXT("linkat", int (*)(int, const char *, int, const char *, int))(a, from, b, to, flags);
  step();
  return result;
}

int open(const char *path, int flags, ...) {
  va_list list;
  va_start(list, flags);
  mode_t mode = va_arg(list, mode_t);
  va_end(list);
  if ((flags & O_TMPFILE) == O_TMPFILE && getenv("FAULT_NO_UNNAMED")) {
    errno = EOPNOTSUPP;
    return -1;
  }
  int result = NEXT("open", int (*)(const char *, int, ...))(path, flags, mode);
  if (flags & O_CREAT || (flags & O_TMPFILE) == O_TMPFILE) step();
  return result;
}

ssize_t write(int number, const void *bytes, size_t size) {
  static size_t written;
  const char *room = getenv("FAULT_FULL");
  if (number > 2 && room) {
    if (written >= (size_t)atol(room)) {
      errno = ENOSPC;
      return -1;
    }
    if (size > (size_t)atol(room) - written) size = (size_t)atol(room) - written;
    written += size;
  }
  if (number > 2) step();
  return NEXT("write", ssize_t(*)(int, const void *, size_t))(number, bytes, size);
}

int fdatasync(int number) {
  step();
  if (getenv("FAULT_FLUSH")) {
    errno = EIO;
    return -1;
  }
  return NEXT("fdatasync", int (*)(int))(number);
}

int syncfs(int number) {
  step();
  if (getenv("FAULT_FLUSH")) {
    errno = EIO;
    return -1;
  }
  return NEXT("syncfs", int (*)(int))(number);
}

int unlink(const char *path) {
  step();
  int result = NEXT("unlink", int (*)(const char *))(path);
  step();
  return result;
}
