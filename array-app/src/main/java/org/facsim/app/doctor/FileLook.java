/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.doctor;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.facsim.app.doctor.WireLook.await;
import static org.facsim.app.doctor.WireLook.words;

import io.netty.buffer.ByteBufUtil;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.facsim.app.doctor.Facts.Refusal;
import org.facsim.protocol.nfs3.Fattr3;
import org.facsim.protocol.nfs3.FileType3;
import org.facsim.protocol.nfs3.Nfs3Client;
import org.facsim.protocol.nfs3.Nfs3Exception;
import org.facsim.protocol.nfs3.Nfs3Handle;
import org.facsim.protocol.nfs3.ReadDirPlus3;
import org.facsim.protocol.rpc.RpcException;
import org.facsim.protocol.vaai.CloneFlags;
import org.facsim.protocol.vaai.CloneJob;
import org.facsim.protocol.vaai.SupportAnswer;
import org.facsim.protocol.vaai.VaaiFile;
import org.facsim.protocol.vaai.VaaiPrimitive;
import org.facsim.protocol.vaai.VaaiReply;
import org.facsim.protocol.vaai.VaaiSession;

/** Looks at the directories of an export: which files there are, and what the small ones say. */
final class FileLook {
  /** Directories that are looked at. */
  static final int MAX_DIRECTORIES = 1000;

  private static final int MAX_TEXT_BYTES = 64 << 10;

  private final Nfs3Client nfs;
  private final Facts facts;
  private final Optional<VaaiSession> session;
  private final Optional<Nfs3Handle> probe;
  private final String probeName;

  FileLook(
      Nfs3Client nfs,
      Facts facts,
      Optional<VaaiSession> session,
      Optional<Nfs3Handle> probe,
      String probeName) {
    this.nfs = nfs;
    this.facts = facts;
    this.session = session;
    this.probe = probe;
    this.probeName = probeName;
  }

  /** A file of a directory. */
  record Entry(String name, Nfs3Handle handle, Fattr3 attributes) {
    long sizeBytes() {
      return attributes.sizeBytes();
    }

    long modifiedMillis() {
      return TimeUnit.NANOSECONDS.toMillis(attributes.modifyTimeNanos());
    }
  }

  /** Looks at the root and the directories in it, as hosts lay out VMs. */
  void lookAt(Nfs3Handle root) {
    Map<String, Entry> top = list(root);
    look("", top);
    int looked = 0;
    for (Entry entry : top.values()) {
      if (entry.attributes().type() != FileType3.DIRECTORY) {
        continue;
      }
      if (++looked > MAX_DIRECTORIES) {
        facts.isCut = true;
        return;
      }
      look(entry.name(), list(entry.handle()));
    }
  }

  private void look(String directory, Map<String, Entry> files) {
    VmLook.of(this, directory, files, facts.nowMillis).ifPresent(facts.vms::add);
  }

  /** The entries of a directory by name, without the probe. */
  private Map<String, Entry> list(Nfs3Handle directory) {
    Map<String, Entry> files = new LinkedHashMap<>();
    List<ReadDirPlus3.Entry> entries;
    try {
      entries = await(nfs.list(directory));
    } catch (Nfs3Exception e) {
      return files; // removed meanwhile, or closed to root
    }
    for (ReadDirPlus3.Entry each : entries) {
      String name = new String(each.name().bytes(), UTF_8);
      if (!name.equals(probeName)) {
        entry(directory, name, each).ifPresent(file -> files.put(name, file));
      }
    }
    return files;
  }

  /** Empty if the file was removed meanwhile. */
  private Optional<Entry> entry(Nfs3Handle directory, String name, ReadDirPlus3.Entry listed) {
    try {
      Nfs3Handle handle =
          listed.handle() != null ? listed.handle() : await(nfs.lookup(directory, name)).handle();
      Fattr3 attributes =
          listed.attributes() != null
              ? listed.attributes()
              : await(nfs.getAttributes(handle)).attributes();
      facts.longestHandleBytes = Math.max(facts.longestHandleBytes, handle.lengthBytes());
      return Optional.of(new Entry(name, handle, attributes));
    } catch (Nfs3Exception e) {
      return Optional.empty();
    }
  }

  /** The beginning of a small file; empty if it cannot be read or is none. */
  Optional<String> text(Entry file) {
    return bytes(file).map(bytes -> new String(bytes, UTF_8));
  }

  /** As {@link #text}, undecoded. */
  Optional<byte[]> bytes(Entry file) {
    if (file.attributes().type() != FileType3.REGULAR || file.sizeBytes() > MAX_TEXT_BYTES) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          await(
              nfs.read(
                  file.handle(),
                  0,
                  MAX_TEXT_BYTES,
                  answer -> ByteBufUtil.getBytes(answer.data()))));
    } catch (Nfs3Exception e) {
      return Optional.empty();
    }
  }

  /** Whether the array can be asked about clones without one being made. */
  boolean canTry(VaaiPrimitive primitive) {
    SupportAnswer answer = facts.support.get(primitive);
    return session.isPresent()
        && probe.isPresent()
        && answer != null
        && answer.supported()
        && (answer.flags() & CloneFlags.DRY_RUN) != 0;
  }

  /** What the array would answer to a clone; empty if it would clone. */
  Optional<Refusal> trial(Entry source, VaaiPrimitive primitive) {
    int lazy = primitive == VaaiPrimitive.LAZY_CLONE ? CloneFlags.LAZY : 0;
    VaaiReply<CloneJob> reply;
    try {
      reply =
          await(
              session
                  .orElseThrow()
                  .cloneFile(
                      VaaiFile.byHandle(source.handle().toBytes()),
                      VaaiFile.byHandle(probe.orElseThrow().toBytes()),
                      CloneFlags.DRY_RUN | lazy));
    } catch (RpcException e) {
      return Optional.of(new Refusal("no answer", words(e)));
    }
    return reply.isOk()
        ? Optional.empty()
        : Optional.of(new Refusal(reply.status().name(), reply.reason()));
  }

  /** Values of {@code key = "value"} lines, as .vmx, .vmsd and descriptors have them. */
  static Map<String, String> dictionary(String text) {
    Map<String, String> values = new LinkedHashMap<>();
    for (String line : text.split("\r?\n", -1)) {
      int equals = line.indexOf('=');
      if (equals > 0 && !line.startsWith("#")) {
        String value = line.substring(equals + 1).strip();
        boolean isQuoted = value.length() > 1 && value.startsWith("\"") && value.endsWith("\"");
        values.put(
            line.substring(0, equals).strip(),
            isQuoted ? value.substring(1, value.length() - 1) : value);
      }
    }
    return values;
  }
}
