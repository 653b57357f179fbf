/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.it.linux;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.facsim.it.CPrograms;
import org.facsim.it.Processes;
import org.facsim.it.Processes.Outcome;

/**
 * The guest's root file system: busybox, the programs of the host that mount and list, with the
 * libraries they ask for, the modules, our C programs, linked statically, and sources of ours as a
 * tree to copy.
 */
final class GuestImage {
  /** What must be installed on the host, and the Debian package it comes from. */
  private static final List<Needed> HOST_PROGRAMS =
      List.of(
          new Needed("mount", "mount"),
          new Needed("umount", "mount"),
          new Needed("mount.nfs", "nfs-common"),
          new Needed("umount.nfs", "nfs-common"),
          new Needed("rpc.statd", "nfs-common"),
          new Needed("sm-notify", "nfs-common"),
          new Needed("rpcbind", "rpcbind"),
          new Needed("ls", "coreutils"),
          new Needed("cp", "coreutils"),
          new Needed("df", "coreutils"),
          new Needed("du", "coreutils"),
          new Needed("stat", "coreutils"),
          new Needed("tar", "tar"));

  /** What only the tests of Kerberos need. */
  private static final List<Needed> KERBEROS_PROGRAMS =
      List.of(
          new Needed("rpc.gssd", "nfs-common"),
          new Needed("kinit", "krb5-user"),
          new Needed("kdestroy", "krb5-user"));

  /** What only tests of NFSv4.2 need. */
  private static final List<Needed> FILE_PROGRAMS =
      List.of(
          new Needed("xfs_io", "xfsprogs"),
          new Needed("setfattr", "attr"),
          new Needed("getfattr", "attr"));

  private static final List<String> KERBEROS_MODULES = List.of("rpcsec_gss_krb5", "cts");

  /** What makes the guest's kernel an NFS server over XFS; its programs are fetched. */
  private static final List<String> SERVER_MODULES =
      List.of("crc32c_generic", "xfs", "loop", "nfsd");

  private static final List<String> SERVER_PROGRAMS = List.of("exportfs", "rpc.mountd", "rpc.nfsd");
  private static final Path SERVER = Path.of("target", "linux", "server");

  private static final List<String> C_PROGRAMS =
      List.of("file_semantics", "random_ops", "names", "records", "range_locks", "clone_time");

  private static final List<String> MODULES = List.of("virtio_pci", "virtio_net", "nfsv3", "nfsv4");

  /** The modules whose sources are the tree. More of them take an emulated guest minutes. */
  private static final List<String> SOURCES = List.of("array-core", "protocol");

  /** In the output of ldd: the path of a library, found by name or named by the program. */
  private static final Pattern LIBRARY = Pattern.compile("(/\\S+) \\(0x");

  /** One for each JVM that runs tests, because several may build it at the same time. */
  private static final Path IMAGE =
      Path.of("target", "linux", "initramfs-" + ProcessHandle.current().pid() + ".cpio");

  private record Needed(String program, String packageName) {}

  private GuestImage() {}

  /** What is missing to build the image and to boot it, with the command that gets it; or null. */
  static String missing() {
    if (!GuestKernel.isFetched()) {
      return "there is no kernel for the guest: integration-tests/fetch-linux";
    }
    String missing = missingOf(HOST_PROGRAMS);
    if (missing != null) {
      return missing;
    }
    if (Processes.find("busybox").isEmpty()) {
      return "busybox is missing: apt-get install busybox-static";
    }
    if (Processes.find("qemu-system-x86_64").isEmpty()) {
      return "qemu-system-x86_64 is missing: apt-get install qemu-system-x86";
    }
    return Processes.find("gcc").isEmpty() ? "gcc is missing: apt-get install gcc libc6-dev" : null;
  }

  private static String missingOf(List<Needed> programs) {
    for (Needed needed : programs) {
      if (Processes.find(needed.program()).isEmpty()) {
        return needed.program() + " is missing: apt-get install " + needed.packageName();
      }
    }
    return null;
  }

  /** What is missing of what the tests of allocation, holes and named attributes need; or null. */
  static String missingForFiles() {
    return missingOf(FILE_PROGRAMS);
  }

  /** What is missing of what the tests of Kerberos need, too; or null. */
  static String missingForKerberos() {
    String missing = missingOf(KERBEROS_PROGRAMS);
    if (missing != null) {
      return missing;
    }
    return GuestKernel.fetched().has(KERBEROS_MODULES)
        ? null
        : "the guest's kernel has no rpcsec_gss_krb5: integration-tests/fetch-linux";
  }

  /** What is missing of what makes the guest a server, too; or null. */
  static String missingForServer() {
    if (Processes.find("mkfs.xfs").isEmpty()) {
      return "mkfs.xfs is missing: apt-get install xfsprogs";
    }
    return GuestKernel.fetched().has(SERVER_MODULES)
            && SERVER_PROGRAMS.stream().allMatch(each -> Files.exists(SERVER.resolve(each)))
        ? null
        : "the guest's kernel has no NFS server: integration-tests/fetch-linux";
  }

  /** Builds it; under a second, but for C sources that changed. */
  static Path build(GuestKernel kernel) throws IOException {
    Files.createDirectories(IMAGE.getParent());
    IMAGE.toFile().deleteOnExit();
    try (CpioArchive archive =
        new CpioArchive(new BufferedOutputStream(Files.newOutputStream(IMAGE), 1 << 20))) {
      for (String folder : List.of("proc", "sys", "dev", "tmp", "run", "root", "mnt")) {
        archive.folder(folder);
      }
      archive.characterDevice("dev/console", 5, 1);
      archive.file("bin/busybox", Processes.find("busybox").orElseThrow());
      archive.symlink("bin/sh", "busybox");
      List<Needed> programs = new ArrayList<>(HOST_PROGRAMS);
      boolean hasKerberos = missingForKerberos() == null;
      if (hasKerberos) {
        programs.addAll(KERBEROS_PROGRAMS);
      }
      if (missingForFiles() == null) {
        programs.addAll(FILE_PROGRAMS);
      }
      List<Path> files = new ArrayList<>();
      programs.forEach(each -> files.add(Processes.find(each.program()).orElseThrow()));
      boolean isServer = missingForServer() == null;
      if (isServer) {
        files.add(Processes.find("mkfs.xfs").orElseThrow());
        SERVER_PROGRAMS.forEach(each -> files.add(SERVER.resolve(each)));
      }
      addPrograms(archive, files);
      Set<Path> loaded = new LinkedHashSet<>(kernel.modules(MODULES.toArray(String[]::new)));
      addModules(archive, "modules/order", loaded);
      if (hasKerberos) {
        Set<Path> more =
            new LinkedHashSet<>(kernel.modules(KERBEROS_MODULES.toArray(String[]::new)));
        more.removeAll(loaded);
        addModules(archive, "modules/kerberos", more);
      }
      if (isServer) {
        Set<Path> more = new LinkedHashSet<>(kernel.modules(SERVER_MODULES.toArray(String[]::new)));
        more.removeAll(loaded);
        addModules(archive, "modules/server", more);
      }
      addSources(archive);
      for (String program : C_PROGRAMS) {
        archive.file("bin/" + program, CPrograms.compile(program, "-static", "-pthread"));
      }
      addSettings(archive);
      for (String script : List.of("init", "agent")) {
        archive.file(script, resource(script));
      }
    }
    return IMAGE;
  }

  /** Adds programs and the libraries that they ask for. */
  private static void addPrograms(CpioArchive archive, List<Path> programs) throws IOException {
    Set<String> libraries = new LinkedHashSet<>();
    for (Path program : programs) {
      // sbin is where the kernel and mount look for their helpers
      archive.file("sbin/" + program.getFileName(), program);
      Outcome ldd = Processes.run(List.of("ldd", program.toString()));
      Matcher library = LIBRARY.matcher(ldd.out());
      while (library.find()) {
        libraries.add(library.group(1));
      }
    }
    for (String library : libraries) {
      archive.file(library.substring(1), Path.of(library));
    }
  }

  /**
   * @param list the file in the image that says in which order they are loaded
   */
  private static void addModules(CpioArchive archive, String list, Set<Path> modules)
      throws IOException {
    StringBuilder order = new StringBuilder();
    for (Path module : modules) {
      archive.file("modules/" + module.getFileName(), module);
      order.append(module.getFileName()).append('\n');
    }
    archive.file(list, order.toString().getBytes(UTF_8));
  }

  /** Sources of ours: a tree of some hundred folders and files to unpack. */
  private static void addSources(CpioArchive archive) throws IOException {
    Path root = Path.of("..").toRealPath();
    for (String module : SOURCES) {
      try (Stream<Path> files = Files.walk(root.resolve(module).resolve("src/main"))) {
        for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
          archive.file("source/" + root.relativize(file), file);
        }
      }
    }
  }

  /** What getaddrinfo, libtirpc and mount read. */
  private static void addSettings(CpioArchive archive) throws IOException {
    // rpcbind and statd give up root for these
    String users =
        "root:x:0:0:root:/root:/bin/sh\n_rpc:x:100:100::/:/bin/sh\nstatd:x:101:101::/:/bin/sh\n";
    archive.file("etc/passwd", users.getBytes(UTF_8));
    archive.file("etc/group", "root:x:0:\n_rpc:x:100:\nstatd:x:101:\n".getBytes(UTF_8));
    archive.file("etc/hosts", "127.0.0.1 localhost facsim-guest\n".getBytes(UTF_8));
    archive.file("etc/nsswitch.conf", "hosts: files\nservices: files\n".getBytes(UTF_8));
    archive.file("etc/netconfig", Path.of("/etc/netconfig"));
    String services = "sunrpc 111/tcp portmapper\nsunrpc 111/udp portmapper\nnfs 2049/tcp\n";
    archive.file("etc/services", services.getBytes(UTF_8));
    archive.file("etc/protocols", "tcp 6 TCP\nudp 17 UDP\n".getBytes(UTF_8));
    archive.symlink("etc/mtab", "/proc/self/mounts");
  }

  private static byte[] resource(String name) throws IOException {
    try (InputStream in = GuestImage.class.getResourceAsStream(name)) {
      return in.readAllBytes();
    }
  }
}
