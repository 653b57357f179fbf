/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.faults;

import com.google.common.net.InetAddresses;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import org.facsim.array.Inode;
import org.facsim.services.calls.Calls;
import org.facsim.services.calls.Door;
import org.facsim.services.calls.VaaiCalls;
import org.facsim.services.offload.CloneFault;
import org.facsim.services.offload.CloneFaults;
import org.facsim.services.paths.FilePaths;

/**
 * The fault rules of an array: which calls are to meet which fault. The rules of one array are
 * shared by all who manage it: HTTP, the command line, a program that embeds the array.
 *
 * <p><b>Deterministic.</b> The same rules, added in the same order, do the same to the same calls,
 * byte for byte. What looks like chance is a hash of the rule's seed and of how many calls it
 * matched so far. Which of two calls is counted first is decided by the order in which they arrive;
 * so calls of several connections at once may change places.
 *
 * <p><b>Bounds.</b> {@link #MAX_RULES} rules, each text of a bounded length; see {@link
 * SeenBefore#MAX_SEEN} and {@link Candidates#MAX_KEYS} for what is remembered of calls.
 *
 * <p><b>Cost.</b> The link of the call chain is installed while there are rules for calls, and only
 * then. Rules are found by door and procedure; see {@link Candidates} for what follows.
 *
 * <p>Rules are kept in memory: a new process has none, and power failures and named states do not
 * change them. Thread-safe.
 */
public final class FaultRules implements AutoCloseable {
  /** The most rules at a time. */
  public static final int MAX_RULES = 10_000;

  private final FaultGround ground;
  private final Calls calls;
  private final long seed;
  private final RuleCheck check;
  private final FaultLink link = new FaultLink();

  /** Guarded by this. */
  private long lastId;

  /** Null while there are no rules for calls. Guarded by this. */
  private Calls.Installed installed;

  /** Replaced whole, under this. */
  private volatile List<InstalledRule> rules = List.of();

  /**
   * No rules.
   *
   * @param seed of the rules that have none
   */
  public FaultRules(FaultGround ground, Calls calls, long seed) {
    this.ground = ground;
    this.calls = calls;
    this.seed = seed;
    this.check = new RuleCheck(ground);
  }

  /**
   * Adds a rule, for the calls that arrive from now on.
   *
   * @throws IllegalArgumentException as {@link #add(List)}
   */
  public RuleStatus add(FaultRule rule) {
    return add(List.of(rule)).get(0);
  }

  /**
   * Adds rules behind those that there are: all, or none if one of them is refused.
   *
   * @throws IllegalArgumentException if a rule can do nothing to any call, or there would be too
   *     many; the message says what is wrong and what would do
   */
  public synchronized List<RuleStatus> add(List<FaultRule> added) {
    if (rules.size() + added.size() > MAX_RULES) {
      throw new IllegalArgumentException(
          rules.size() + " rules and " + added.size() + " more; allowed: at most " + MAX_RULES);
    }
    for (int i = 0; i < added.size(); i++) {
      check(added, i);
    }
    List<InstalledRule> all = new ArrayList<>(rules);
    for (FaultRule rule : added) {
      all.add(new InstalledRule(++lastId, rule, seed, ground));
    }
    use(all);
    return all.subList(all.size() - added.size(), all.size()).stream()
        .map(InstalledRule::status)
        .toList();
  }

  private void check(List<FaultRule> added, int index) {
    try {
      check.check(added.get(index));
    } catch (IllegalArgumentException refused) {
      String which = added.size() == 1 ? "" : "rules[" + index + "]: ";
      throw new IllegalArgumentException(which + refused.getMessage(), refused);
    }
  }

  /** Whether calls must pass the link decides whether it is there. */
  private void use(List<InstalledRule> all) {
    rules = List.copyOf(all);
    link.use(new RuleIndex(all));
    expectPowerFailures(all);
    boolean isNeeded = all.stream().anyMatch(rule -> !rule.rule().isForJobs());
    if (isNeeded && installed == null) {
      installed = calls.install(link);
    } else if (!isNeeded && installed != null) {
      installed.close();
      installed = null;
    } else {
      calls.refresh();
    }
  }

  private void expectPowerFailures(List<InstalledRule> all) {
    ArrayFaults array = ground.array();
    if (array != null) {
      array.expectPowerFailures(
          all.stream()
              .flatMap(rule -> rule.rule().action().stream())
              .anyMatch(FaultAction.LosePower.class::isInstance));
    }
  }

  /**
   * Forgets what was found out about files, without changing a rule: the array has restarted, and
   * its files are other objects.
   */
  public synchronized void forgetFiles() {
    link.use(new RuleIndex(rules));
    calls.refresh();
    rules.stream()
        .map(InstalledRule::before)
        .filter(Objects::nonNull)
        .forEach(SeenBefore::forgetFiles);
  }

  /** All rules, in the order of their adding, in which they are asked, too. */
  public List<RuleStatus> list() {
    return rules.stream().map(InstalledRule::status).toList();
  }

  /** The rule with an id. */
  public Optional<RuleStatus> find(long id) {
    return rules.stream().filter(rule -> rule.id() == id).findFirst().map(InstalledRule::status);
  }

  /**
   * Removes a rule. Calls, connections and clone jobs that wait for its end go on.
   *
   * @return whether it was there
   */
  public boolean remove(long id) {
    Optional<InstalledRule> found;
    synchronized (this) {
      found = rules.stream().filter(rule -> rule.id() == id).findFirst();
      if (found.isPresent()) {
        List<InstalledRule> rest = new ArrayList<>(rules);
        rest.remove(found.get());
        use(rest);
      }
    }
    found.ifPresent(InstalledRule::removed); // outside of the lock: what waits goes on here
    return found.isPresent();
  }

  /**
   * Lets the calls, connections and clone jobs go on that wait for the end of a rule now. The rule
   * stays, and stops those that come.
   *
   * @return how many went on; empty if there is no such rule
   */
  public OptionalInt resume(long id) {
    return rules.stream()
        .filter(rule -> rule.id() == id)
        .mapToInt(InstalledRule::resume)
        .findFirst();
  }

  /**
   * Removes all rules, and forgets a power failure that waits for its commit group. The next rule
   * has the first id again, so that a test that adds the same rules has the same faults.
   *
   * @return how many there were
   */
  public int clear() {
    List<InstalledRule> gone;
    synchronized (this) {
      gone = rules;
      lastId = 0;
      use(List.of());
    }
    gone.forEach(InstalledRule::removed);
    if (ground.array() != null) {
      ground.array().cancelPowerFailures();
    }
    return gone.size();
  }

  /** Removes all rules; whatever waits for one goes on. */
  @Override
  public void close() {
    clear();
  }

  /** What the doors can be asked and can answer; a door that opens adds itself. */
  public DoorVocabulary doors() {
    return ground.doors();
  }

  // ---------------------------------------------------------------- presets

  /**
   * Does what a preset is for.
   *
   * @param name one of {@link FaultPresets#all}
   * @param parameters by name; those that are not given have their defaults
   * @return the rules that were added for it; none if it happened at once
   * @throws IllegalArgumentException if there is no such preset or parameter, or a value that it
   *     cannot have
   */
  public List<RuleStatus> preset(String name, Map<String, String> parameters) {
    FaultPresets.Applied applied = FaultPresets.apply(name, parameters);
    if (applied.deed().isPresent()) {
      FaultAction deed = applied.deed().get();
      check.check(FaultRule.of(deed).rule());
      boolean isOnItsWay =
          deed instanceof FaultAction.Takeover takeover
              ? ground.array().takeover(takeover.away())
              : ground.array().powerFailure(((FaultAction.LosePower) deed).failure());
      if (!isOnItsWay) {
        throw new IllegalStateException("the array is away already");
      }
    }
    return add(applied.rules());
  }

  // ---------------------------------------------------------------- clone jobs

  /** For the offload: which clone jobs go wrong. */
  public CloneFaults cloneFaults() {
    return this::faultOf;
  }

  private Optional<CloneFault> faultOf(CloneFaults.Job job) {
    List<InstalledRule> now = rules;
    if (now.isEmpty()) {
      return Optional.empty();
    }
    Door door =
        switch (job.initiator().dialect()) {
          case VAAI_NAS -> Door.VAAI;
          case OPENSDS -> Door.OPENSDS;
          case HTTP -> Door.HTTP;
          case NFS4 -> Door.NFS;
        };
    List<String> paths = pathsOf(job);
    CloneFault fault = null;
    for (InstalledRule rule : now) {
      if (rule.rule().isForJobs()
          && matches(rule.criteria(), job, door, paths)
          && rule.hearsJob(job, door, VaaiCalls.CLONE, paths)
          && fault == null) {
        fault = rule.effect().ofJob();
      }
    }
    return Optional.ofNullable(fault);
  }

  private static List<String> pathsOf(CloneFaults.Job job) {
    List<String> paths = new ArrayList<>(2);
    Optional<String> to =
        job.destination() == null
            ? FilePaths.ofEntry(job.directory(), job.name().toString())
            : FilePaths.of(job.destination());
    to.ifPresent(paths::add);
    FilePaths.of(job.source()).ifPresent(paths::add);
    return paths;
  }

  private static boolean matches(
      Criteria criteria, CloneFaults.Job job, Door door, List<String> paths) {
    FaultMatch match = criteria.match();
    Inode into = job.destination() == null ? job.directory() : job.destination();
    return (match.doors().isEmpty()
            || match.doors().contains(door)
            || (door != Door.NFS && match.doors().contains(Door.VAAI)))
        && (door != Door.NFS
            || match.procedures().isEmpty()
            || match.procedures().contains(VaaiCalls.CLONE))
        && (match.client().isEmpty() || match.client().get().matches(addressOf(job)))
        && (match.uid().isEmpty()
            || match.uid().getAsLong() == job.initiator().grant().caller().uid())
        && criteria.matchesFiles(into, job.source(), paths);
  }

  private static InetSocketAddress addressOf(CloneFaults.Job job) {
    InetAddress address = InetAddresses.forString(job.initiator().client());
    return new InetSocketAddress(address, 0);
  }
}
