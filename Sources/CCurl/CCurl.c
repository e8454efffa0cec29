#include "CCurl.h"

#include <dlfcn.h>
#include <stddef.h>

/* libcurl's functions as the loader found them; the shims at the end of this file call through here. */
static struct {
  CURLcode (*global_init)(long);
  const char *(*easy_strerror)(CURLcode);
  CURL *(*easy_init)(void);
  void (*easy_cleanup)(CURL *);
  void (*easy_reset)(CURL *);
  CURLcode (*easy_perform)(CURL *);
  CURLcode (*easy_setopt)(CURL *, CURLoption, ...);
  CURLcode (*easy_getinfo)(CURL *, CURLINFO, ...);
  struct curl_slist *(*slist_append)(struct curl_slist *, const char *);
  void (*slist_free_all)(struct curl_slist *);
} curl;

static const struct {
  const char *name;
  size_t offset;
} symbols[] = {
#define SYMBOL(field) {"curl_" #field, offsetof(__typeof__(curl), field)}
    SYMBOL(global_init),  SYMBOL(easy_strerror), SYMBOL(easy_init),    SYMBOL(easy_cleanup),
    SYMBOL(easy_reset),   SYMBOL(easy_perform),  SYMBOL(easy_setopt),  SYMBOL(easy_getinfo),
    SYMBOL(slist_append), SYMBOL(slist_free_all),
#undef SYMBOL
};

const char *ccurl_open(const char *library_name) {
  void *library = dlopen(library_name, RTLD_NOW | RTLD_LOCAL);
  if (!library) return dlerror();
  for (size_t index = 0; index < sizeof symbols / sizeof *symbols; index++) {
    void *address = dlsym(library, symbols[index].name);
    if (!address) return dlerror();
    *(void **)((char *)&curl + symbols[index].offset) = address;
  }
  return NULL;
}

CURLcode ccurl_global_init(long flags) { return curl.global_init(flags); }
const char *ccurl_easy_strerror(CURLcode code) { return curl.easy_strerror(code); }

CURL *ccurl_easy_init(void) { return curl.easy_init(); }
void ccurl_easy_cleanup(CURL *handle) { curl.easy_cleanup(handle); }
void ccurl_easy_reset(CURL *handle) { curl.easy_reset(handle); }
CURLcode ccurl_easy_perform(CURL *handle) { return curl.easy_perform(handle); }

CURLcode ccurl_setopt_long(CURL *handle, CURLoption option, long value) {
  return curl.easy_setopt(handle, option, value);
}
CURLcode ccurl_setopt_offset(CURL *handle, CURLoption option, curl_off_t value) {
  return curl.easy_setopt(handle, option, value);
}
CURLcode ccurl_setopt_string(CURL *handle, CURLoption option, const char *value) {
  return curl.easy_setopt(handle, option, value);
}
CURLcode ccurl_setopt_pointer(CURL *handle, CURLoption option, void *value) {
  return curl.easy_setopt(handle, option, value);
}
CURLcode ccurl_setopt_list(CURL *handle, CURLoption option, struct curl_slist *value) {
  return curl.easy_setopt(handle, option, value);
}
CURLcode ccurl_setopt_blob(CURL *handle, CURLoption option, const struct curl_blob *value) {
  return curl.easy_setopt(handle, option, value);
}
CURLcode ccurl_setopt_write(CURL *handle, CURLoption option, ccurl_write_callback value) {
  return curl.easy_setopt(handle, option, value);
}

CURLcode ccurl_getinfo_long(CURL *handle, CURLINFO info, long *value) {
  return curl.easy_getinfo(handle, info, value);
}
CURLcode ccurl_getinfo_offset(CURL *handle, CURLINFO info, curl_off_t *value) {
  return curl.easy_getinfo(handle, info, value);
}
CURLcode ccurl_getinfo_string(CURL *handle, CURLINFO info, const char **value) {
  return curl.easy_getinfo(handle, info, value);
}

struct curl_slist *ccurl_slist_append(struct curl_slist *list, const char *text) {
  return curl.slist_append(list, text);
}
void ccurl_slist_free_all(struct curl_slist *list) { curl.slist_free_all(list); }
