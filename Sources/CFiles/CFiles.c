#define _GNU_SOURCE
#include "CFiles.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#ifdef __APPLE__
#include <copyfile.h>
#include <crt_externs.h>
#endif

#define UNSUPPORTED (errno = ENOTSUP, -1)

char **cfiles_environment(void) {
#ifdef __APPLE__
  return *_NSGetEnviron();
#else
  return environ;
#endif
}

int cfiles_open_unnamed(const char *folder) {
#ifdef O_TMPFILE
  // Without it the file could not be given a name later.
  static int names_descriptors = -1;
  if (names_descriptors < 0) names_descriptors = access("/proc/self/fd", X_OK) == 0;
  if (!names_descriptors) return UNSUPPORTED;
  return open(folder, O_TMPFILE | O_WRONLY | O_CLOEXEC, 0600);
#else
  (void)folder;
  return UNSUPPORTED;
#endif
}

int cfiles_name(int descriptor, const char *path) {
#ifdef O_TMPFILE
  char link[40];
  snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
  return linkat(AT_FDCWD, link, AT_FDCWD, path, AT_SYMLINK_FOLLOW);
#else
  (void)descriptor, (void)path;
  return UNSUPPORTED;
#endif
}

int cfiles_exchange(const char *path, const char *other) {
#if defined(__APPLE__)
  return renamex_np(path, other, RENAME_SWAP);
#elif defined(RENAME_EXCHANGE)
  return renameat2(AT_FDCWD, path, AT_FDCWD, other, RENAME_EXCHANGE);
#else
  (void)path, (void)other;
  return UNSUPPORTED;
#endif
}

int cfiles_begin_flush(int descriptor) {
#ifdef SYNC_FILE_RANGE_WRITE
  return sync_file_range(descriptor, 0, 0, SYNC_FILE_RANGE_WRITE);
#else
  (void)descriptor;
  return UNSUPPORTED;
#endif
}

int cfiles_flush(int descriptor) {
#ifdef __APPLE__
  return fsync(descriptor);
#else
  return fdatasync(descriptor);
#endif
}

int cfiles_flush_file_system(int descriptor) {
#ifdef __linux__
  return syncfs(descriptor);
#else
  (void)descriptor;
  return UNSUPPORTED;
#endif
}

int cfiles_signal_is_ignored(int signal) {
  struct sigaction action;
  return sigaction(signal, NULL, &action) == 0 && !(action.sa_flags & SA_SIGINFO) && action.sa_handler == SIG_IGN;
}

long cfiles_attribute_names(int descriptor, char *names, size_t room) {
#ifdef __APPLE__
  return flistxattr(descriptor, names, room, 0);
#else
  return flistxattr(descriptor, names, room);
#endif
}

long cfiles_attribute(int descriptor, const char *name, void *value, size_t room) {
#ifdef __APPLE__
  return fgetxattr(descriptor, name, value, room, 0, 0);
#else
  return fgetxattr(descriptor, name, value, room);
#endif
}

int cfiles_set_attribute(int descriptor, const char *name, const void *value, size_t size) {
#ifdef __APPLE__
  return fsetxattr(descriptor, name, value, size, 0, 0);
#else
  return fsetxattr(descriptor, name, value, size, 0);
#endif
}

int cfiles_remove_attribute(int descriptor, const char *name) {
#ifdef __APPLE__
  return fremovexattr(descriptor, name, 0);
#else
  return fremovexattr(descriptor, name);
#endif
}

int cfiles_copy_access(int from, int to) {
#ifdef __APPLE__
  return fcopyfile(from, to, NULL, COPYFILE_ACL);
#else
  (void)from, (void)to;
  return 0;
#endif
}

int cfiles_start_thread(cfiles_thread *thread, void *(*body)(void *), void *argument) {
  pthread_attr_t attributes;
  int failure = pthread_attr_init(&attributes);
  if (failure) return failure;
  // Systems give threads less than a process has: macOS half a megabyte.
  pthread_attr_setstacksize(&attributes, 8 << 20);
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  failure = pthread_create(&thread->handle, &attributes, body, argument);
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  pthread_attr_destroy(&attributes);
  return failure;
}

void cfiles_join_thread(cfiles_thread thread) { pthread_join(thread.handle, NULL); }

long cfiles_processor_count(void) {
#ifdef CPU_COUNT
  cpu_set_t allowed;
  if (sched_getaffinity(0, sizeof allowed, &allowed) == 0) return CPU_COUNT(&allowed);
#endif
  return sysconf(_SC_NPROCESSORS_ONLN);
}
