/// What replacing a file in one step takes of the system, where Swift does not see it or every system spells it in
/// its own way; the environment, threads and processors. Each function about files returns -1 and sets errno where it
/// fails, and ENOTSUP where the system has no such thing.
#ifndef CFILES_H
#define CFILES_H

#include <pthread.h>
#include <stddef.h>

/// The variables the process was started with, `NAME=value`, ended by a null pointer; null where there are none.
char *_Nullable *_Nullable cfiles_environment(void);

/// Opens a new file in a folder that has no name yet, so that nothing of it is left when the process is killed.
int cfiles_open_unnamed(const char *_Nonnull folder);

/// Gives an open file that has no name a name that is free.
int cfiles_name(int descriptor, const char *_Nonnull path);

/// Exchanges what two paths lead to, in one step.
int cfiles_exchange(const char *_Nonnull path, const char *_Nonnull other);

/// Lets the system begin to write a file's content to the disk, without waiting for it.
int cfiles_begin_flush(int descriptor);

/// Waits until a file's content is on the disk.
int cfiles_flush(int descriptor);

/// Waits until everything is on the disk that was written to the file system an open file is on.
int cfiles_flush_file_system(int descriptor);

/// 1 where the process ignores a signal, 0 where it does not.
int cfiles_signal_is_ignored(int signal);

/// The names of a file's extended attributes, each ended by a zero; with no room, how much room they take.
long cfiles_attribute_names(int descriptor, char *_Nullable names, size_t room);

/// The value of an extended attribute; with no room, how much room it takes.
long cfiles_attribute(int descriptor, const char *_Nonnull name, void *_Nullable value, size_t room);

/// Sets an extended attribute.
int cfiles_set_attribute(int descriptor, const char *_Nonnull name, const void *_Nullable value, size_t size);

/// Takes an extended attribute away.
int cfiles_remove_attribute(int descriptor, const char *_Nonnull name);

/// Gives a file the access control list of another, where lists are no extended attributes.
int cfiles_copy_access(int from, int to);

/// A thread; what a `pthread_t` is, each system says for itself.
typedef struct { pthread_t handle; } cfiles_thread;

/// Starts a thread with as much stack as a process has, to which no signal is sent; 0, or why it cannot be started.
int cfiles_start_thread(
    cfiles_thread *_Nonnull thread, void *_Nullable (*_Nonnull body)(void *_Nullable), void *_Nullable argument);

/// Waits until a thread has ended.
void cfiles_join_thread(cfiles_thread thread);

/// How many processors the process may use.
long cfiles_processor_count(void);

#endif
