/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.it.linux;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Debian's kernel and the modules of its NFS client, as {@code fetch-linux} unpacks them. */
record GuestKernel(Path folder) {
  private static final Path FETCHED = Path.of("target", "linux", "kernel");

  /** In a module's section {@code .modinfo}; a module without dependencies has an empty one. */
  private static final Pattern DEPENDS = Pattern.compile("\0depends=([^\0]*)\0");

  /** The one that was fetched; look at {@link #isFetched} first. */
  static GuestKernel fetched() {
    return new GuestKernel(FETCHED);
  }

  static boolean isFetched() {
    return Files.exists(FETCHED.resolve("vmlinuz"));
  }

  boolean has(List<String> modules) {
    return modules.stream().map(this::fileOf).allMatch(Files::exists);
  }

  Path image() {
    return folder.resolve("vmlinuz");
  }

  /** The modules and what they depend on, in an order in which they can be loaded. */
  List<Path> modules(String... names) throws IOException {
    Set<String> ordered = new LinkedHashSet<>();
    for (String name : names) {
      addAfterItsDependencies(name, ordered);
    }
    return ordered.stream().map(this::fileOf).toList();
  }

  private void addAfterItsDependencies(String name, Set<String> ordered) throws IOException {
    if (ordered.contains(name)) {
      return;
    }
    String contents = new String(Files.readAllBytes(fileOf(name)), ISO_8859_1);
    Matcher depends = DEPENDS.matcher(contents);
    if (depends.find() && !depends.group(1).isEmpty()) {
      for (String dependency : depends.group(1).split(",", -1)) {
        addAfterItsDependencies(dependency, ordered);
      }
    }
    ordered.add(name);
  }

  private Path fileOf(String name) {
    return folder.resolve(name + ".ko");
  }
}
