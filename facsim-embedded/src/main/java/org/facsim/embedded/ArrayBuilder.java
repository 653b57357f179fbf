/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.embedded;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import org.facsim.nfs.nlm.LockManagerOptions;
import org.facsim.protocol.portmap.PortmapProgram;
import org.facsim.protocol.rpc.EarlyLoading;
import org.facsim.protocol.rpc.RpcServerOptions;
import org.facsim.services.access.ExportOptions;
import org.facsim.services.access.ExportRule;
import org.facsim.services.access.PrincipalMap;
import org.facsim.services.calls.CallInterceptor;
import org.facsim.services.control.ManagementDoor;
import org.facsim.services.control.SidebandException;
import org.facsim.services.control.UnknownVolumeException;
import org.facsim.services.control.VolumeSpec;
import org.facsim.services.journal.Journal;
import org.facsim.services.offload.ArrayProfile;
import org.facsim.services.offload.CloneJobListener;
import org.facsim.services.offload.JobScheduler;
import org.facsim.services.state.Later;
import org.facsim.vaai.opensds.OpenSdsFlags;

/** Collects the settings with which an array is started. Not thread-safe. */
public final class ArrayBuilder {
  // ArrayAssembly reads these fields.
  final List<VolumeSpec> volumes = new ArrayList<>();
  InetAddress listen = InetAddress.getLoopbackAddress();
  int nfsPort = FacsimArray.DEFAULT_NFS_PORT;
  InstantSource clock = Clock.systemUTC();
  private boolean isClockGiven;
  private boolean isSeedGiven;

  /** Null until it is asked for. */
  private InstantSource storageClock;

  /** Null until the start if none was given. */
  private Long seed;

  /** Of fault rules without a seed: the same in every array that was given none. */
  long faultSeed;

  Path dataDirectory;
  Duration idleTimeout = RpcServerOptions.DEFAULT_IDLE_TIMEOUT;
  final Map<String, List<ExportRule>> exportRules = new HashMap<>();
  SidebandOptions sidebandOptions = SidebandOptions.NONE;
  final Map<String, ArrayProfile> profiles = new HashMap<>();
  CloneJobListener cloneJobListener = CloneJobListener.NONE;
  JobScheduler jobScheduler;
  final List<CallInterceptor> interceptors = new ArrayList<>();
  OpenSdsFlags openSdsFlags = OpenSdsFlags.DEFAULT;
  int journalEntries;

  /** Null for none. */
  ManagementDoor management;

  /** Null for no Kerberos. */
  Path keytab;

  PrincipalMap principals = PrincipalMap.NONE;

  /** Null for no TLS. */
  Path tlsCertificate;

  Path tlsKey;

  /** Null if clients need no certificate. */
  Path tlsClientAuthorities;

  /** Null for the array's own. */
  Later absenceTimer;

  ArrayBuilder() {
    EarlyLoading.begin(
        "org.facsim.array.block.memory.SlabSource"); // while the caller still says what it wants
  }

  /**
   * Sets what measures how long the array is away after a takeover or a power failure. By default,
   * a thread does.
   */
  public ArrayBuilder absenceTimer(Later timer) {
    absenceTimer = Objects.requireNonNull(timer);
    return this;
  }

  /** Sets how a volume behaves toward hosts that offload. By default, its clones share blocks. */
  public ArrayBuilder vaaiProfile(String volumeName, ArrayProfile profile) {
    profiles.put(volumeName, Objects.requireNonNull(profile));
    return this;
  }

  /**
   * Sets what the bits mean that hosts pass through the OpenSDS plugin. By default, the lowest bit
   * is a lazy clone.
   */
  public ArrayBuilder openSdsFlags(OpenSdsFlags flags) {
    openSdsFlags = Objects.requireNonNull(flags);
    return this;
  }

  /**
   * Appends a link to the chain that every call of every door passes, from the first call on; see
   * {@link FacsimArray#calls} for one that comes later or goes again.
   */
  public ArrayBuilder interceptor(CallInterceptor link) {
    interceptors.add(Objects.requireNonNull(link));
    return this;
  }

  /**
   * Sets how many calls the journal keeps, from the first call on. By default it is off; {@link
   * FacsimArray#journal} turns it on later.
   *
   * @param entries {@link Journal#MIN_ENTRIES} to {@link Journal#MAX_ENTRIES}, for example {@link
   *     Journal#DEFAULT_ENTRIES}; 0 for none
   */
  public ArrayBuilder journal(int entries) {
    journalEntries = entries;
    return this;
  }

  /** Sets a listener that is told every change of a clone job's state. */
  public ArrayBuilder cloneJobListener(CloneJobListener listener) {
    cloneJobListener = Objects.requireNonNull(listener);
    return this;
  }

  /** Sets what runs the steps of copying clones, with its own time. By default, a thread does. */
  public ArrayBuilder jobScheduler(JobScheduler scheduler) {
    jobScheduler = Objects.requireNonNull(scheduler);
    return this;
  }

  /**
   * Sets the data directory. By default, the array is ephemeral and lives in memory. An existing
   * array keeps its volumes, handles and seed. Volumes added here are made if they do not exist,
   * and resized if another size is given than at the last start. A size that was changed while the
   * array ran is kept if the same size is given as before.
   */
  public ArrayBuilder dataDirectory(Path directory) {
    dataDirectory = Objects.requireNonNull(directory);
    return this;
  }

  /** Adds a thin volume. If none is added, a new array has none, and nothing can be mounted. */
  public ArrayBuilder volume(String name, long sizeBytes) {
    return volume(new VolumeSpec(name, sizeBytes));
  }

  public ArrayBuilder volume(VolumeSpec volume) {
    volumes.add(volume);
    return this;
  }

  /**
   * Sets to whom a volume is exported. By default, every volume is exported to everyone with {@link
   * ExportOptions#DEFAULT}.
   *
   * @param rules at most {@link org.facsim.services.access.Export#MAX_RULES}; if empty, no client
   *     is admitted
   */
  public ArrayBuilder export(String volumeName, List<ExportRule> rules) {
    exportRules.put(volumeName, List.copyOf(rules));
    return this;
  }

  /** Sets the local address to listen on; the loopback address by default. */
  public ArrayBuilder listen(InetAddress address) {
    listen = Objects.requireNonNull(address);
    return this;
  }

  /** Sets the TCP port of all programs; 0 takes a free one, see {@link FacsimArray#nfsAddress}. */
  public ArrayBuilder nfsPort(int port) {
    nfsPort = port;
    return this;
  }

  /**
   * Opens a port mapper (portmap 2, rpcbind 3 and 4) over TCP and UDP; by default there is none.
   *
   * @param port {@value PortmapProgram#PORT}, where clients look, or 0 for a free one, see {@link
   *     FacsimArray#portmapAddress}
   */
  public ArrayBuilder portmapPort(int port) {
    sidebandOptions = sidebandOptions.withPortmapPort(OptionalInt.of(port));
    return this;
  }

  /**
   * Registers all programs with an rpcbind that runs on this machine, as long as the array runs.
   *
   * @param rpcbind its address, which must be a loopback address, because rpcbind refuses other
   *     callers
   */
  public ArrayBuilder registerWith(InetSocketAddress rpcbind) {
    sidebandOptions = sidebandOptions.withRpcbind(Optional.of(rpcbind));
    return this;
  }

  /**
   * Sets the grace period of a durable array: how long after a restart only locks held before may
   * be reclaimed, if any were held. The default is that of {@link LockManagerOptions#DEFAULT}.
   */
  public ArrayBuilder lockGrace(Duration grace) {
    sidebandOptions = sidebandOptions.withLocks(sidebandOptions.locks().withGrace(grace));
    return this;
  }

  /**
   * Sets the name by which clients' status monitors know this array, for notices of a restart. The
   * default is the address that each client reaches, which is right without address translation.
   */
  public ArrayBuilder nsmName(String name) {
    sidebandOptions = sidebandOptions.withLocks(sidebandOptions.locks().withServerName(name));
    return this;
  }

  /**
   * Lets clients prove by Kerberos who calls (RPCSEC_GSS), so that exports may ask for {@code
   * sec=krb5}, {@code krb5i} and {@code krb5p}. By default they cannot.
   *
   * @param newKeytab the keys of the service {@code nfs/HOST@REALM}
   * @param newPrincipals whom the array knows a principal as
   */
  public ArrayBuilder kerberos(Path newKeytab, PrincipalMap newPrincipals) {
    keytab = Objects.requireNonNull(newKeytab);
    principals = Objects.requireNonNull(newPrincipals);
    return this;
  }

  /**
   * Lets clients protect their connections by TLS (RFC 9289), so that exports may ask for {@code
   * xprtsec=tls}. By default they cannot.
   *
   * @param certificate the array's certificate and those above it, in PEM
   * @param key its private key, in PEM without a password
   */
  public ArrayBuilder tls(Path certificate, Path key) {
    tlsCertificate = Objects.requireNonNull(certificate);
    tlsKey = Objects.requireNonNull(key);
    return this;
  }

  /**
   * With {@link #tls}, lets clients prove who they are by a certificate, so that exports may ask
   * for {@code xprtsec=mtls}.
   *
   * @param authorities whose certificates are believed, in PEM
   */
  public ArrayBuilder tlsClientAuthorities(Path authorities) {
    tlsClientAuthorities = Objects.requireNonNull(authorities);
    return this;
  }

  /** Sets how long a connection may be idle; zero never closes one. The default is six minutes. */
  public ArrayBuilder idleTimeout(Duration timeout) {
    idleTimeout = Objects.requireNonNull(timeout);
    return this;
  }

  /** Opens a door for administrators, too. By default there is none. */
  public ArrayBuilder management(ManagementDoor door) {
    management = Objects.requireNonNull(door);
    return this;
  }

  /**
   * Sets the source of all timestamps, by which leases of NFSv4 clients run out, too; by default
   * the machine's clock, but see {@link #seed}.
   */
  public ArrayBuilder clock(InstantSource source) {
    clock = Objects.requireNonNull(source);
    isClockGiven = true;
    return this;
  }

  boolean hasClock() {
    return isClockGiven;
  }

  /**
   * Sets the seed that determines handles, generations, session ids, and what fault rules without a
   * seed of their own leave to chance. Unless {@link #clock} is called, files then have times by a
   * {@link SteppedClock} of this seed, so that the same calls get the same replies, byte for byte.
   * By default the seed is random, but for fault rules, which then do the same in every array, and
   * files have times by the machine's clock.
   */
  public ArrayBuilder seed(long value) {
    seed = value;
    isSeedGiven = true;
    faultSeed = value;
    return this;
  }

  /** The seed; drawn at the first call if none was given. */
  long seed() {
    if (seed == null) {
      seed = new SecureRandom().nextLong();
    }
    return seed;
  }

  /** What stamps files: the clock that was given, or that of the seed that was given. */
  InstantSource storageClock() {
    if (storageClock == null) {
      storageClock = isSeedGiven && !isClockGiven ? SteppedClock.ofSeed(seed()) : clock;
    }
    return storageClock;
  }

  /**
   * Makes the array and opens its doors.
   *
   * @throws IOException if the address cannot be listened on; a {@link java.net.BindException} if
   *     it is taken or not a local address; a {@link SidebandException} if this concerns a port
   *     beside NFS, or if registering with rpcbind fails
   * @throws IllegalArgumentException if the keytab or a certificate cannot be used, or if export
   *     rules ask for security that is not offered
   * @throws UnknownVolumeException if there are export rules or a profile for a volume that does
   *     not exist
   * @throws org.facsim.array.ArrayException if two volumes have the same name, or the data
   *     directory is in use, damaged or something else
   */
  public FacsimArray start() throws IOException {
    return new ArrayAssembly(this).start();
  }
}
