/// libcurl for Swift, opened when it is first needed instead of being linked: a run that asks
/// no server neither pays for loading it nor needs it installed.
///
/// Swift cannot call libcurl's variadic functions, so there is one function here for every type
/// of argument they take. Nothing but `ccurl_open` may be called before `ccurl_open` succeeded.
#ifndef CCURL_H
#define CCURL_H

#include <curl/curl.h>

/// What receives the bytes of an answer or of its headers; returning anything but
/// `size * count` ends the transfer.
typedef size_t (*ccurl_write_callback)(
    char *_Nonnull data, size_t size, size_t count, void *_Nullable context);

/// Opens the library of this name and finds its functions. Returns NULL once that worked,
/// else the reason, which stays valid until the next attempt.
const char *_Nullable ccurl_open(const char *_Nonnull library_name);

CURLcode ccurl_global_init(long flags);
const char *_Nonnull ccurl_easy_strerror(CURLcode code);

CURL *_Nullable ccurl_easy_init(void);
void ccurl_easy_cleanup(CURL *_Nonnull handle);
void ccurl_easy_reset(CURL *_Nonnull handle);
CURLcode ccurl_easy_perform(CURL *_Nonnull handle);

CURLcode ccurl_setopt_long(CURL *_Nonnull handle, CURLoption option, long value);
CURLcode ccurl_setopt_offset(CURL *_Nonnull handle, CURLoption option, curl_off_t value);
CURLcode ccurl_setopt_string(
    CURL *_Nonnull handle, CURLoption option, const char *_Nullable value);
CURLcode ccurl_setopt_pointer(CURL *_Nonnull handle, CURLoption option, void *_Nullable value);
CURLcode ccurl_setopt_list(
    CURL *_Nonnull handle, CURLoption option, struct curl_slist *_Nullable value);
CURLcode ccurl_setopt_blob(
    CURL *_Nonnull handle, CURLoption option, const struct curl_blob *_Nullable value);
CURLcode ccurl_setopt_write(
    CURL *_Nonnull handle, CURLoption option, ccurl_write_callback _Nullable value);

CURLcode ccurl_getinfo_long(CURL *_Nonnull handle, CURLINFO info, long *_Nonnull value);
CURLcode ccurl_getinfo_offset(CURL *_Nonnull handle, CURLINFO info, curl_off_t *_Nonnull value);
CURLcode ccurl_getinfo_string(
    CURL *_Nonnull handle, CURLINFO info, const char *_Nullable *_Nonnull value);

struct curl_slist *_Nullable ccurl_slist_append(
    struct curl_slist *_Nullable list, const char *_Nonnull text);
void ccurl_slist_free_all(struct curl_slist *_Nullable list);

CURLM *_Nullable ccurl_multi_init(void);
void ccurl_multi_cleanup(CURLM *_Nonnull multi);
CURLMcode ccurl_multi_setopt_long(CURLM *_Nonnull multi, CURLMoption option, long value);
CURLMcode ccurl_multi_add(CURLM *_Nonnull multi, CURL *_Nonnull handle);
CURLMcode ccurl_multi_remove(CURLM *_Nonnull multi, CURL *_Nonnull handle);
CURLMcode ccurl_multi_perform(CURLM *_Nonnull multi);
/// Waits until something can be done, or for this long.
CURLMcode ccurl_multi_poll(CURLM *_Nonnull multi, int milliseconds);
/// The next transfer that has ended, and how; NULL where there is none.
CURL *_Nullable ccurl_multi_finished(CURLM *_Nonnull multi, CURLcode *_Nonnull code);

#endif
