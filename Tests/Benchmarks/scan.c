// The floor every YAML tool on libyaml stands on: parses all events of a file and throws them away.
#include <stdio.h>
#include <stdlib.h>
#include <yaml.h>

static unsigned char *read_whole(const char *path, size_t *length) {
  FILE *file = fopen(path, "rb");
  if (!file) return NULL;
  fseek(file, 0, SEEK_END);
  *length = (size_t)ftell(file);
  rewind(file);
  unsigned char *bytes = malloc(*length + 1);
  if (bytes && fread(bytes, 1, *length, file) != *length) {
    free(bytes);
    bytes = NULL;
  }
  fclose(file);
  return bytes;
}

int main(int count, char **arguments) {
  if (count != 2) {
    fprintf(stderr, "usage: scan FILE\n");
    return 64;
  }
  size_t length = 0;
  unsigned char *bytes = read_whole(arguments[1], &length);
  if (!bytes) {
    perror(arguments[1]);
    return 66;
  }
  yaml_parser_t parser;
  yaml_parser_initialize(&parser);
  yaml_parser_set_input_string(&parser, bytes, length);
  long events = 0;
  for (int done = 0; !done; events++) {
    yaml_event_t event;
    if (!yaml_parser_parse(&parser, &event)) {
      fprintf(stderr, "%s:%zu: %s\n", arguments[1], parser.problem_mark.line + 1, parser.problem);
      return 65;
    }
    done = event.type == YAML_STREAM_END_EVENT;
    yaml_event_delete(&event);
  }
  printf("%ld events\n", events);
  yaml_parser_delete(&parser);
  free(bytes);
  return 0;
}
