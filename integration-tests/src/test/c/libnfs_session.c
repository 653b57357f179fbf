/* SPDX-License-Identifier: Apache-2.0 */
/*
 * libnfs_session URL
 *
 * A session with libnfs's synchronous API: everything a program does with a share. Prints each thing that was right; the first that
 * was not ends it with 1.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <nfsc/libnfs.h>

#define FILE_BYTES (3 * 1024 * 1024 + 12345)

static struct nfs_context *nfs;

#define CHECK(what, condition)                                                                             \
  do {                                                                                                     \
    if (!(condition)) {                                                                                    \
      fprintf(stderr, "not so: %s (%s; libnfs says: %s)\n", what, #condition, nfs_get_error(nfs));         \
      exit(1);                                                                                             \
    }                                                                                                      \
    puts(what);                                                                                            \
  } while (0)

static char byte_at(size_t offset) { return (char)(offset * 2654435761u >> 13); }

static int write_all(struct nfsfh *file, char *data, size_t bytes) {
  for (size_t done = 0; done < bytes;) {
    int n = nfs_pwrite(nfs, file, done, bytes - done, data + done);
    if (n <= 0) return 0;
    done += (size_t)n;
  }
  return 1;
}

static int read_all(struct nfsfh *file, char *into, size_t bytes) {
  for (size_t done = 0; done < bytes;) {
    int n = nfs_pread(nfs, file, done, bytes - done, into + done);
    if (n <= 0) return 0;
    done += (size_t)n;
  }
  return 1;
}

static void files(void) {
  char *data = malloc(FILE_BYTES), *found = malloc(FILE_BYTES);
  struct nfsfh *file = NULL;
  struct nfs_stat_64 st;
  for (size_t i = 0; i < FILE_BYTES; i++) data[i] = byte_at(i);
  CHECK("creat", nfs_creat(nfs, "/file", 0640, &file) == 0);
  CHECK("write", write_all(file, data, FILE_BYTES));
  CHECK("fsync", nfs_fsync(nfs, file) == 0);
  CHECK("close", nfs_close(nfs, file) == 0);
  CHECK("stat", nfs_stat64(nfs, "/file", &st) == 0 && st.nfs_size == FILE_BYTES && (st.nfs_mode & 07777) == 0640);
  CHECK("open", nfs_open(nfs, "/file", O_RDWR, &file) == 0);
  CHECK("read", read_all(file, found, FILE_BYTES) && memcmp(found, data, FILE_BYTES) == 0);
  CHECK("read past the end", nfs_pread(nfs, file, FILE_BYTES, 10, found) == 0);
  CHECK("ftruncate", nfs_ftruncate(nfs, file, 1000) == 0 && nfs_fstat64(nfs, file, &st) == 0 && st.nfs_size == 1000);
  CHECK("grow again", nfs_ftruncate(nfs, file, 5000) == 0 && nfs_pread(nfs, file, 0, 5000, found) == 5000);
  memset(data + 1000, 0, 4000);
  CHECK("what was cut off reads as zeros", memcmp(found, data, 5000) == 0);
  CHECK("close again", nfs_close(nfs, file) == 0);
  free(data);
  free(found);
}

static void names(void) {
  struct nfsfh *file = NULL;
  struct nfs_stat_64 st, other;
  struct nfsdir *folder = NULL;
  char target[100] = "", name[32];
  int seen[100] = {0}, count = 0;
  CHECK("mkdir", nfs_mkdir(nfs, "/folder") == 0 && nfs_stat64(nfs, "/folder", &st) == 0 && S_ISDIR(st.nfs_mode));
  CHECK("rename", nfs_rename(nfs, "/file", "/folder/renamed") == 0 && nfs_stat64(nfs, "/file", &st) == -ENOENT);
  CHECK("link", nfs_link(nfs, "/folder/renamed", "/second") == 0 && nfs_stat64(nfs, "/second", &st) == 0 && st.nfs_nlink == 2);
  CHECK("symlink", nfs_symlink(nfs, "folder/renamed", "/symbolic") == 0);
  CHECK("readlink", nfs_readlink(nfs, "/symbolic", target, sizeof target) == 0 && strcmp(target, "folder/renamed") == 0);
  CHECK("stat follows it", nfs_stat64(nfs, "/symbolic", &other) == 0 && other.nfs_ino == st.nfs_ino);
  CHECK("lstat does not", nfs_lstat64(nfs, "/symbolic", &other) == 0 && S_ISLNK(other.nfs_mode));
  CHECK("chmod", nfs_chmod(nfs, "/second", 0600) == 0 && nfs_stat64(nfs, "/second", &st) == 0 && (st.nfs_mode & 07777) == 0600);
  for (int i = 0; i < 100; i++) {
    snprintf(name, sizeof name, "/folder/%02d", i);
    if (nfs_creat(nfs, name, 0644, &file) != 0 || nfs_close(nfs, file) != 0) break;
    count++;
  }
  CHECK("100 files", count == 100);
  CHECK("opendir", nfs_opendir(nfs, "/folder", &folder) == 0);
  for (struct nfsdirent *entry; (entry = nfs_readdir(nfs, folder)) != NULL;) {
    char *end;
    long number = strtol(entry->name, &end, 10);
    if (*end == 0 && end != entry->name && number >= 0 && number < 100) seen[number]++;
  }
  nfs_closedir(nfs, folder);
  count = 0;
  for (int i = 0; i < 100; i++) count += seen[i] == 1;
  CHECK("each is listed once", count == 100);
  CHECK("unlink of a missing name", nfs_unlink(nfs, "/missing") == -ENOENT);
  CHECK("rmdir of a full folder", nfs_rmdir(nfs, "/folder") == -ENOTEMPTY);
  for (int i = 0; i < 100; i++) {
    snprintf(name, sizeof name, "/folder/%02d", i);
    if (nfs_unlink(nfs, name) != 0) count--;
  }
  CHECK("unlink", count == 100 && nfs_unlink(nfs, "/folder/renamed") == 0 && nfs_unlink(nfs, "/second") == 0);
  CHECK("rmdir", nfs_unlink(nfs, "/symbolic") == 0 && nfs_rmdir(nfs, "/folder") == 0);
}

int main(int argc, char **argv) {
  struct statvfs space;
  if (argc != 2 || (nfs = nfs_init_context()) == NULL) {
    fprintf(stderr, "usage: libnfs_session URL\n");
    return 2;
  }
  struct nfs_url *url = nfs_parse_url_dir(nfs, argv[1]);
  CHECK("url", url != NULL);
  nfs_set_uid(nfs, 0);
  nfs_set_gid(nfs, 0);
  CHECK("mount", nfs_mount(nfs, url->server, url->path) == 0);
  CHECK("reads and writes of 1 MiB", nfs_get_readmax(nfs) == 1 << 20 && nfs_get_writemax(nfs) == 1 << 20);
  CHECK("statvfs", nfs_statvfs(nfs, "/", &space) == 0 && (uint64_t)space.f_blocks * space.f_frsize == 1ull << 30);
  files();
  names();
  nfs_destroy_url(url);
  nfs_destroy_context(nfs);
  return 0;
}
