/* SPDX-License-Identifier: Apache-2.0 */
/*
 * libnfs_cut URL
 *
 * Changes names through a connection that is cut whenever a change was executed and before its answer arrives. Each must
 * succeed all the same: libnfs connects anew, from another port, and sends the call again under its xid.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <nfsc/libnfs.h>

static struct nfs_context *nfs;

#define CHECK(what, call)                                                                                  \
  do {                                                                                                     \
    int result = (call);                                                                                   \
    if (result != 0) {                                                                                     \
      fprintf(stderr, "%s failed: %d (libnfs says: %s)\n", what, result, nfs_get_error(nfs));              \
      exit(1);                                                                                             \
    }                                                                                                      \
    puts(what);                                                                                            \
  } while (0)

int main(int argc, char **argv) {
  if (argc != 2 || (nfs = nfs_init_context()) == NULL) {
    fprintf(stderr, "usage: libnfs_cut URL\n");
    return 2;
  }
  struct nfs_url *url = nfs_parse_url_dir(nfs, argv[1]);
  if (url == NULL) {
    fprintf(stderr, "no url: %s\n", argv[1]);
    return 2;
  }
  nfs_set_uid(nfs, 0);
  nfs_set_gid(nfs, 0);
  nfs_set_autoreconnect(nfs, -1);
  CHECK("mount", nfs_mount(nfs, url->server, url->path));
  CHECK("mkdir", nfs_mkdir(nfs, "/folder"));
  CHECK("symlink", nfs_symlink(nfs, "target", "/folder/symbolic"));
  CHECK("link", nfs_link(nfs, "/file", "/folder/hard"));
  CHECK("rename", nfs_rename(nfs, "/folder/hard", "/folder/renamed"));
  CHECK("unlink", nfs_unlink(nfs, "/folder/renamed"));
  CHECK("unlink the link", nfs_unlink(nfs, "/folder/symbolic"));
  CHECK("rmdir", nfs_rmdir(nfs, "/folder"));
  nfs_destroy_url(url);
  nfs_destroy_context(nfs);
  return 0;
}
