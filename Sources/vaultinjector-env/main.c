// vaultinjector-env: starts a command with the secrets beside this program in its environment.
//
//   FOLDER/vaultinjector-env COMMAND [ARGUMENT…]
//   vaultinjector-env --install PATH     copies this program, for the container that brings it to the pod
//
// Every other file in FOLDER is read as key=value lines. It does what the shell script of the built-in configuration
// does, for images that have no shell, and has to be linked statically for the same reason.
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { EXIT_USAGE = 64, EXIT_CANNOT_INSTALL = 74, EXIT_CANNOT_RUN = 126, EXIT_NOT_FOUND = 127 };

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

/// Keeps a line's assignment; lines without `=` or with an empty key are none.
static void add_line(struct assignments *found, char *line) {
  char *equals = strchr(line, '=');
  if (equals == NULL) return;
  *equals = '\0';
  char *key = trim(line);
  if (*key == '\0') return;
  found->items = need(realloc(found->items, (found->count + 1) * sizeof *found->items));
  found->items[found->count].key = need(strdup(key));
  found->items[found->count].value = need(strdup(trim(equals + 1)));
  found->count++;
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
  char *slash = count > 1 ? strrchr(arguments[0], '/') : NULL;
  if (slash == NULL) {
    fputs("usage: FOLDER/vaultinjector-env COMMAND [ARGUMENT…]\n", stderr);
    return EXIT_USAGE;
  }
  *slash = '\0';
  struct assignments found = {NULL, 0};
  add_folder(&found, *arguments[0] == '\0' ? "/" : arguments[0], slash + 1);
  // The first assignment of a key counts.
  for (size_t index = found.count; index > 0; index--) {
    if (setenv(found.items[index - 1].key, found.items[index - 1].value, 1) != 0) {
      fail(EXIT_CANNOT_RUN, "cannot set", found.items[index - 1].key);
    }
  }
  execvp(arguments[1], arguments + 1);
  fail(errno == ENOENT ? EXIT_NOT_FOUND : EXIT_CANNOT_RUN, "cannot run", arguments[1]);
}
