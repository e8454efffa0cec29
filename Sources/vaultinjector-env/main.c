// vaultinjector-env: starts a command with secrets in its environment.
//
//   FOLDER/vaultinjector-env COMMAND [ARGUMENT…]
//       reads every other file in FOLDER as key=value lines
//   vaultinjector-env --records FILE… [--restart SECONDS] -- COMMAND [ARGUMENT…]
//       reads each FILE as lines of a shell, set -- 'key=value' "$@", whose values may hold any byte but NUL;
//       with --restart it stays, and ends the command once a file holds something else, with SECONDS for it to end
//   vaultinjector-env --install PATH
//       copies this program, for the container that brings it to the pod
//
// It does what shell scripts do in images that have a shell, and has to be linked statically for those that have none.
#define _GNU_SOURCE
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
  EXIT_USAGE = 64,
  EXIT_NO_RECORD = 65,
  EXIT_CANNOT_INSTALL = 74,
  EXIT_CHANGED = 75,
  EXIT_CANNOT_RUN = 126,
  EXIT_NOT_FOUND = 127
};

/// How often files are compared with what they held, in seconds.
enum { SECONDS_BETWEEN_LOOKS = 5 };

struct assignment {
  char *key;
  char *value;
};

struct assignments {
  struct assignment *items;
  size_t count;
};

static void fail(int status, const char *what, const char *name) {
  fprintf(stderr, "vaultinjector-env: %s %s: %s\n", what, name, strerror(errno));
  exit(status);
}

static void *need(void *memory) {
  if (memory == NULL) fail(EXIT_CANNOT_RUN, "cannot hold the secrets in", "memory");
  return memory;
}

/// Cuts white space off both ends, in place.
static char *trim(char *text) {
  while (isspace((unsigned char)*text)) text++;
  size_t length = strlen(text);
  while (length > 0 && isspace((unsigned char)text[length - 1])) length--;
  text[length] = '\0';
  return text;
}

static void add(struct assignments *found, const char *key, const char *value) {
  found->items = need(realloc(found->items, (found->count + 1) * sizeof *found->items));
  found->items[found->count].key = need(strdup(key));
  found->items[found->count].value = need(strdup(value));
  found->count++;
}

/// The first assignment of a key counts.
static void set_all(const struct assignments *found) {
  for (size_t index = found->count; index > 0; index--) {
    if (setenv(found->items[index - 1].key, found->items[index - 1].value, 1) != 0) {
      fail(EXIT_CANNOT_RUN, "cannot set", found->items[index - 1].key);
    }
  }
}

static void run(char **command) {
  execvp(command[0], command);
  fail(errno == ENOENT ? EXIT_NOT_FOUND : EXIT_CANNOT_RUN, "cannot run", command[0]);
}

// Folders of key=value lines

/// Keeps a line's assignment; lines without `=` or with an empty key are none.
static void add_line(struct assignments *found, char *line) {
  char *equals = strchr(line, '=');
  if (equals == NULL) return;
  *equals = '\0';
  char *key = trim(line);
  if (*key != '\0') add(found, key, trim(equals + 1));
}

/// Reads one file; what is no regular file, or cannot be read, is passed over.
static void add_file(struct assignments *found, const char *path) {
  struct stat status;
  if (stat(path, &status) != 0 || !S_ISREG(status.st_mode)) return;
  FILE *file = fopen(path, "r");
  if (file == NULL) return;
  char *line = NULL;
  size_t capacity = 0;
  while (getline(&line, &capacity, file) != -1) add_line(found, line);
  free(line);
  fclose(file);
}

/// By name, hidden files after the others, as the shell script reads them.
static int by_name(const void *left, const void *right) {
  const char *a = *(const char *const *)left;
  const char *b = *(const char *const *)right;
  int a_is_hidden = *a == '.', b_is_hidden = *b == '.';
  return a_is_hidden != b_is_hidden ? a_is_hidden - b_is_hidden : strcmp(a, b);
}

static void add_folder(struct assignments *found, const char *folder, const char *self) {
  DIR *directory = opendir(folder);
  if (directory == NULL) fail(EXIT_CANNOT_RUN, "cannot read", folder);
  char **names = NULL;
  size_t count = 0;
  struct dirent *entry;
  while ((entry = readdir(directory)) != NULL) {
    if (strcmp(entry->d_name, self) == 0) continue;
    names = need(realloc(names, (count + 1) * sizeof *names));
    names[count++] = need(strdup(entry->d_name));
  }
  closedir(directory);
  if (count > 1) qsort(names, count, sizeof *names, by_name);
  for (size_t index = 0; index < count; index++) {
    char path[PATH_MAX];
    if (snprintf(path, sizeof path, "%s/%s", folder, names[index]) < (int)sizeof path) add_file(found, path);
    free(names[index]);
  }
  free(names);
}

// Records

struct text {
  char *bytes;
  size_t size;
};

/// What a file holds; no bytes where it cannot be read.
static struct text text_of(const char *path) {
  struct text text = {NULL, 0};
  int file = open(path, O_RDONLY | O_CLOEXEC);
  if (file < 0) return text;
  for (size_t capacity = 4096;; capacity *= 2) {
    text.bytes = need(realloc(text.bytes, capacity + 1));
    ssize_t size = 0;
    while (text.size < capacity && (size = read(file, text.bytes + text.size, capacity - text.size)) > 0) {
      text.size += (size_t)size;
    }
    if (size == 0) break;
    if (size < 0) {
      free(text.bytes);
      text.bytes = NULL;
      break;
    }
  }
  close(file);
  if (text.bytes != NULL) text.bytes[text.size] = '\0';
  return text;
}

static const char RECORD_BEGINS[] = "set -- '";
static const char RECORD_ENDS[] = "' \"$@\"\n";
static const char QUOTE[] = "'\\''";

static void not_a_record(const char *path) {
  fprintf(stderr, "vaultinjector-env: %s holds something else than records of variables\n", path);
  exit(EXIT_NO_RECORD);
}

/// Takes the quotes out of the record at `*place`, in place, and moves on to what follows it; the assignment in it.
static char *next_record(char **place, const char *path) {
  char *from = *place;
  if (strncmp(from, RECORD_BEGINS, sizeof RECORD_BEGINS - 1) != 0) not_a_record(path);
  from += sizeof RECORD_BEGINS - 1;
  char *assignment = from, *to = from;
  while (*from != '\0') {
    if (strncmp(from, QUOTE, sizeof QUOTE - 1) == 0) {
      *to++ = '\'';
      from += sizeof QUOTE - 1;
    } else if (*from != '\'') {
      *to++ = *from++;
    } else {
      if (strncmp(from, RECORD_ENDS, sizeof RECORD_ENDS - 1) != 0) not_a_record(path);
      *to = '\0';
      *place = from + sizeof RECORD_ENDS - 1;
      return assignment;
    }
  }
  not_a_record(path);
  return NULL;
}

static void add_records(struct assignments *found, const char *path, const struct text *kept) {
  if (kept->bytes == NULL) fail(EXIT_NO_RECORD, "cannot read", path);
  if (strlen(kept->bytes) != kept->size) not_a_record(path);
  char *copy = need(strdup(kept->bytes));
  for (char *place = copy; *place != '\0';) {
    char *assignment = next_record(&place, path);
    char *equals = strchr(assignment, '=');
    if (equals == NULL || equals == assignment) not_a_record(path);
    *equals = '\0';
    add(found, assignment, equals + 1);
  }
  free(copy);
}

/// True where a file that can be read holds something else than it did.
static int has_changed(char **paths, const struct text *kept, size_t count) {
  int changed = 0;
  for (size_t index = 0; index < count && !changed; index++) {
    struct text now = text_of(paths[index]);
    changed = now.bytes != NULL &&
              (now.size != kept[index].size || memcmp(now.bytes, kept[index].bytes, now.size) != 0);
    free(now.bytes);
  }
  return changed;
}

/// Seconds that no clock set anew changes.
static time_t seconds(void) {
  struct timespec now = {0, 0};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec;
}

/// Runs the command as a child with all signals passed on to it, until it ends or a file changes.
static int watch(char **command, char **paths, const struct text *kept, size_t count, long grace) {
  sigset_t all, before;
  sigfillset(&all);
  sigprocmask(SIG_BLOCK, &all, &before);
  pid_t child = fork();
  if (child < 0) fail(EXIT_CANNOT_RUN, "cannot start", command[0]);
  if (child == 0) {
    sigprocmask(SIG_SETMASK, &before, NULL);
    run(command);
  }
  struct timespec second = {1, 0};
  time_t look = seconds() + SECONDS_BETWEEN_LOOKS, end = 0;
  for (;;) {
    int number = sigtimedwait(&all, NULL, &second);
    int status;
    pid_t ended;
    // Whatever lost its parent in the container is this program's child, too.
    while ((ended = waitpid(-1, &status, WNOHANG)) > 0) {
      if (ended != child) continue;
      if (end != 0) return EXIT_CHANGED;
      return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    }
    if (number > 0 && number != SIGCHLD) kill(child, number);
    time_t now = seconds();
    if (end != 0) {
      if (now >= end) kill(child, SIGKILL);
      continue;
    }
    if (now < look) continue;
    look = now + SECONDS_BETWEEN_LOOKS;
    if (has_changed(paths, kept, count)) {
      fputs("vaultinjector-env: the secrets have changed: the command is ended, to be started again\n", stderr);
      kill(child, SIGTERM);
      end = now + grace;
    }
  }
}

static int usage(void) {
  fputs("usage: FOLDER/vaultinjector-env COMMAND [ARGUMENT…]\n"
        "       vaultinjector-env --records FILE… [--restart SECONDS] -- COMMAND [ARGUMENT…]\n", stderr);
  return EXIT_USAGE;
}

static int start_with_records(char **words) {
  char **paths = words;
  size_t count = 0;
  while (words[count] != NULL && strncmp(words[count], "--", 2) != 0) count++;
  words += count;
  long grace = -1;
  if (*words != NULL && strcmp(*words, "--restart") == 0 && words[1] != NULL) {
    grace = strtol(words[1], NULL, 10);
    words += 2;
  }
  if (count == 0 || *words == NULL || strcmp(*words, "--") != 0 || words[1] == NULL) return usage();
  struct text *kept = need(calloc(count, sizeof *kept));
  struct assignments found = {NULL, 0};
  for (size_t index = 0; index < count; index++) {
    kept[index] = text_of(paths[index]);
    add_records(&found, paths[index], &kept[index]);
  }
  set_all(&found);
  if (grace >= 0) return watch(words + 1, paths, kept, count, grace);
  run(words + 1);
  return EXIT_CANNOT_RUN;
}

static int install(const char *target) {
  int source = open("/proc/self/exe", O_RDONLY);
  if (source < 0) fail(EXIT_CANNOT_INSTALL, "cannot read", "/proc/self/exe");
  int copy = open(target, O_WRONLY | O_CREAT | O_TRUNC, 0755);
  if (copy < 0) fail(EXIT_CANNOT_INSTALL, "cannot write", target);
  char buffer[65536];
  ssize_t size;
  while ((size = read(source, buffer, sizeof buffer)) > 0) {
    if (write(copy, buffer, (size_t)size) != size) fail(EXIT_CANNOT_INSTALL, "cannot write", target);
  }
  if (size < 0 || fchmod(copy, 0755) != 0 || close(copy) != 0) fail(EXIT_CANNOT_INSTALL, "cannot write", target);
  return 0;
}

int main(int count, char **arguments) {
  if (count == 3 && strcmp(arguments[1], "--install") == 0) return install(arguments[2]);
  if (count > 1 && strcmp(arguments[1], "--records") == 0) return start_with_records(arguments + 2);
  char *slash = count > 1 ? strrchr(arguments[0], '/') : NULL;
  if (slash == NULL) return usage();
  *slash = '\0';
  struct assignments found = {NULL, 0};
  add_folder(&found, *arguments[0] == '\0' ? "/" : arguments[0], slash + 1);
  set_all(&found);
  run(arguments + 1);
}
