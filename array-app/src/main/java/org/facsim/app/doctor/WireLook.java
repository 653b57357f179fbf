/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.doctor;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.facsim.embedded.FacsimArray;
import org.facsim.protocol.mount.Mount3Client;
import org.facsim.protocol.nfs3.Create3;
import org.facsim.protocol.nfs3.Fattr3;
import org.facsim.protocol.nfs3.FsStat3;
import org.facsim.protocol.nfs3.Made3;
import org.facsim.protocol.nfs3.Nfs3;
import org.facsim.protocol.nfs3.Nfs3Client;
import org.facsim.protocol.nfs3.Nfs3Exception;
import org.facsim.protocol.nfs3.Nfs3Handle;
import org.facsim.protocol.nfs3.Sattr3;
import org.facsim.protocol.rpc.Credential;
import org.facsim.protocol.rpc.RpcCaller;
import org.facsim.protocol.rpc.RpcClientOptions;
import org.facsim.protocol.rpc.RpcException;
import org.facsim.protocol.rpc.RpcFailure;
import org.facsim.protocol.vaai.SessionGrant;
import org.facsim.protocol.vaai.SessionStartCall;
import org.facsim.protocol.vaai.SupportAnswer;
import org.facsim.protocol.vaai.VaaiClient;
import org.facsim.protocol.vaai.VaaiNas;
import org.facsim.protocol.vaai.VaaiPrimitive;
import org.facsim.protocol.vaai.VaaiReply;
import org.facsim.protocol.vaai.VaaiSession;
import org.facsim.protocol.xdr.XdrException;

/**
 * Looks at an export over the wire, as a host does that mounts it. It makes one empty file, {@code
 * .facsim-doctor-…}, as root and removes it: only that shows whether root is squashed, and dry runs
 * of clones need a destination. It changes nothing else. Waits for each answer in turn.
 */
final class WireLook {
  private static final int NFS_VERSION_4 = 4;
  private static final int FILE_MODE = 0600;
  private static final int SESSION_TIMEOUT_SECONDS = 10;

  private final Server server;
  private final String hostName;
  private final RandomGenerator random;
  private final Facts facts = new Facts();

  /** Of the session that the array started, null if it did not. */
  private SessionGrant grant;

  private WireLook(Server server, String hostName, RandomGenerator random) {
    this.server = server;
    this.hostName = hostName;
    this.random = random;
  }

  /**
   * A server and how long it is waited for.
   *
   * @param address of NFS, unless a port mapper tells another port
   */
  record Server(InetSocketAddress address, ServerPorts ports, LookPatience patience) {}

  /**
   * Looks.
   *
   * @param export such as {@code /datastore1}
   * @param random names the probe file
   */
  static Facts at(Server server, String export, HostView host, RandomGenerator random) {
    WireLook look = new WireLook(server, host.name(), random);
    look.facts.server = FacsimArray.hostAndPort(server.address());
    look.facts.export = export;
    look.connect();
    return look.facts;
  }

  /**
   * Whether another export can be mounted from there.
   *
   * @return why not; empty if it can
   */
  static Optional<String> problemOf(Server server, String export, HostView host) {
    WireLook look = new WireLook(server, host.name(), RandomGenerator.getDefault());
    try (WireDoors doors = look.doors()) {
      Nfs3Handle unused = await(new Mount3Client(doors.mount()).mount(export)).handle();
      return Optional.empty();
    } catch (RuntimeException e) {
      return Optional.of(words(e));
    }
  }

  private WireDoors doors() {
    RpcClientOptions options =
        RpcClientOptions.defaults()
            .withCredential(new Credential.Sys(0, hostName, 0, 0, List.of()));
    return new WireDoors(server.address(), server.ports(), server.patience(), options);
  }

  private void connect() {
    try (WireDoors doors = doors()) {
      RpcCaller rpc = doors.nfs();
      Nfs3Client nfs = new Nfs3Client(rpc);
      await(nfs.ping());
      facts.isNfs4Served = answersNfs4(rpc);
      mount(doors, nfs);
    } catch (RuntimeException e) {
      if (facts.isMounted) {
        facts.brokenOff = Optional.of(words(e));
      } else {
        facts.unreachable = Optional.of(facts.server + ": " + words(e));
      }
    }
  }

  private static boolean answersNfs4(RpcCaller rpc) {
    try {
      await(rpc.call(Nfs3.PROGRAM, NFS_VERSION_4, 0, out -> {}, in -> null));
      return true;
    } catch (RpcException e) {
      return false;
    }
  }

  private void mount(WireDoors doors, Nfs3Client nfs) {
    Nfs3Handle root;
    try {
      root = await(new Mount3Client(doors.mount()).mount(facts.export)).handle();
    } catch (RuntimeException e) { // also what a server answers that nobody understands
      facts.mountRefused = Optional.of(words(e));
      return;
    }
    facts.isMounted = true;
    facts.longestHandleBytes = root.lengthBytes();
    facts.nowMillis = System.currentTimeMillis();
    facts.space = space(nfs, root);
    Optional<VaaiSession> session = session(doors);
    String probeName = ".facsim-doctor-" + Long.toHexString(random.nextLong());
    try {
      Optional<Nfs3Handle> probe = probe(nfs, root, probeName);
      new FileLook(nfs, facts, session, probe, probeName).lookAt(root);
    } finally {
      if (facts.mayHaveProbe) {
        var unused = quietly(new Nfs3Client(doors.nfsToTheEnd()).remove(root, probeName));
      }
      if (grant != null) {
        var unused = quietly(new VaaiSession(new VaaiClient(doors.vaaiToTheEnd()), grant).end());
      }
    }
  }

  private static Optional<Facts.Space> space(Nfs3Client nfs, Nfs3Handle root) {
    try {
      FsStat3.Ok answer = await(nfs.fsstat(root));
      return Optional.of(
          new Facts.Space(answer.totalBytes(), answer.freeBytes(), answer.availableBytes()));
    } catch (Nfs3Exception e) {
      return Optional.empty();
    }
  }

  private Optional<Nfs3Handle> probe(Nfs3Client nfs, Nfs3Handle root, String name) {
    try {
      facts.mayHaveProbe = true; // also if the answer does not come
      Made3.Ok made = await(nfs.create(root, name, new Create3.Guarded(Sattr3.ofMode(FILE_MODE))));
      Nfs3Handle handle =
          made.handle() != null ? made.handle() : await(nfs.lookup(root, name)).handle();
      Fattr3 attributes = await(nfs.getAttributes(handle)).attributes();
      facts.probeOwner = Optional.of(attributes.uid());
      facts.nowMillis = TimeUnit.NANOSECONDS.toMillis(attributes.modifyTimeNanos());
      return Optional.of(handle);
    } catch (Nfs3Exception e) {
      facts.probeRefused = Optional.of(words(e));
      facts.probeStatus = e.status().name();
      facts.mayHaveProbe = false;
      return Optional.empty();
    }
  }

  private Optional<VaaiSession> session(WireDoors doors) {
    try {
      VaaiClient vaai = new VaaiClient(doors.vaai());
      VaaiReply<SessionGrant> reply =
          await(
              vaai.startSession(
                  new SessionStartCall(
                      VaaiNas.PROTOCOL_VERSION,
                      Nfs3.VERSION,
                      facts.export,
                      hostName,
                      SESSION_TIMEOUT_SECONDS)));
      if (!reply.isOk()) {
        facts.noSession = Optional.of(reply.status() + ": " + reply.reason());
        return Optional.empty();
      }
      grant = reply.value();
      VaaiSession session = new VaaiSession(vaai, grant);
      facts.hasSession = true;
      for (VaaiPrimitive primitive : VaaiPrimitive.values()) {
        support(session, primitive).ifPresent(answer -> facts.support.put(primitive, answer));
      }
      return Optional.of(session);
    } catch (RuntimeException e) { // also what an array answers that nobody understands
      facts.hasSession = false;
      facts.noSession = Optional.of(words(e));
      return Optional.empty();
    }
  }

  /** Empty if the array does not say, or knows only a version without this primitive. */
  private static Optional<SupportAnswer> support(VaaiSession session, VaaiPrimitive primitive) {
    try {
      VaaiReply<SupportAnswer> answer = await(session.support(primitive));
      return answer.isOk() ? Optional.of(answer.value()) : Optional.empty();
    } catch (RpcException e) {
      if (e.failure() == RpcFailure.PROGRAM_MISMATCH) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /**
   * Waits for an answer.
   *
   * @throws RuntimeException what the call failed with: {@link RpcException}, {@link
   *     Nfs3Exception}, {@link org.facsim.protocol.mount.MountException}
   */
  static <T> T await(CompletableFuture<T> answer) {
    try {
      return answer.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw e;
    }
  }

  private static boolean quietly(CompletableFuture<?> answer) {
    try {
      await(answer);
      return true;
    } catch (RuntimeException e) {
      return false; // what the doctor found counts, and the server may have gone
    }
  }

  /** A failure for people. */
  static String words(RuntimeException failure) {
    if (failure instanceof RpcException rpc) {
      return rpc.failure() == RpcFailure.PROGRAM_UNAVAILABLE
          ? "the program is not served there (PROG_UNAVAIL)"
          : rpc.getMessage();
    }
    return failure instanceof XdrException || failure instanceof IllegalArgumentException
        ? "not understood: " + failure.getMessage()
        : String.valueOf(failure.getMessage());
  }
}
