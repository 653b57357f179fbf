/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.management;

import java.util.List;
import java.util.Map;

/** Fault rules as JSON; what GET returns of a rule, POST accepts. */
final class FaultJson {
  private FaultJson() {}

  /**
   * Rules to be added: all, or none.
   *
   * @param rules at least one
   */
  record RulesRequest(List<RuleJson> rules) {}

  /**
   * A rule.
   *
   * @param match which calls; absent for all of all doors but HTTP
   * @param act what happens
   * @param limits how often; absent for always
   * @param seed what decides where chance seems to; absent for one that follows from its id
   */
  record RuleJson(String name, MatchJson match, ActJson act, LimitsJson limits, Long seed) {}

  /**
   * Which calls.
   *
   * @param doors in lower case
   * @param procedures as the door calls them; over HTTP method and path, with {@code *}
   * @param path with {@code *}, {@code ?} and {@code **}
   * @param handle hexadecimal
   * @param client address or range, with or without a port
   * @param uid as it was sent
   * @param host by its own name
   */
  record MatchJson(
      List<String> doors,
      List<String> procedures,
      String volume,
      String path,
      String handle,
      String client,
      Long uid,
      String host,
      AfterJson after) {}

  /**
   * A call that must have come before.
   *
   * @param same nothing, client, connection or file
   */
  record AfterJson(MatchJson match, String same) {}

  /** How often. Times are texts such as {@code 30s}; {@code from} may also be a time of day. */
  record LimitsJson(
      Long nth, Long every, Double probability, Long count, String from, String lasting) {}

  /**
   * What happens: one of the following, and a delay of the reply.
   *
   * @param delay alone, or with status, shortBytes, attributes, mistake
   * @param jitter of the delay
   * @param bytesPerSecond a bandwidth
   * @param eachConnection whether each connection has it for itself
   * @param executed whether the call is performed before the connection is closed or reset
   * @param behind so many later replies
   * @param behindLimit after which the reply is sent in any case; 1 s if absent
   * @param shortBytes at most so many bytes of a READ or WRITE
   * @param time of zeroWindow or pause; until the rule's end if absent
   * @param takeover how long the array is away
   */
  record ActJson(
      String status,
      String delay,
      String jitter,
      Long bytesPerSecond,
      Boolean eachConnection,
      Boolean noAnswer,
      Boolean close,
      Boolean reset,
      Boolean executed,
      Boolean executedButLost,
      Boolean twice,
      Integer behind,
      String behindLimit,
      Integer shortBytes,
      Boolean zeroWindow,
      Boolean pause,
      String time,
      AttributesJson attributes,
      MistakeJson mistake,
      String takeover,
      PowerFailureJson powerFailure,
      CloneJobJson cloneJob) {}

  /** Wrong attributes: {@code +N} or {@code -N} from the truth, or {@code N}; mtime in seconds. */
  record AttributesJson(String size, String mtime, String fileId, String links) {}

  /** Wrong bytes. */
  record MistakeJson(Integer count, Integer lengthBytes) {}

  /**
   * A power failure.
   *
   * @param atGroup 0 or absent for now
   * @param repeated whether at every such group
   * @param away how long; at once if absent
   */
  record PowerFailureJson(Long atGroup, Boolean repeated, String away) {}

  /**
   * A clone job that goes wrong.
   *
   * @param error as docs/vaai-nas.md names it; IO if absent
   */
  record CloneJobJson(
      Long bytesPerSecond,
      Double slowdown,
      Integer stallAtPercent,
      Integer failAtPercent,
      String error) {}

  /** A rule that is installed. */
  record InstalledJson(
      long id,
      RuleJson rule,
      String addedAt,
      String endsAt,
      long matched,
      long hits,
      HitJson lastHit) {}

  /** A call that a rule was applied to. */
  record HitJson(String at, String client, String door, String procedure, String path) {}

  /** Rules in their order; {@code items} has at most some of them. */
  record RulesJson(int count, List<InstalledJson> items) {}

  /** How many rules were removed. */
  record RemovedJson(int removed) {}

  /** How many calls, connections and clone jobs went on. */
  record ResumedJson(int resumed) {}

  /** A preset. */
  record PresetJson(String name, String text, List<ParameterJson> parameters) {}

  /** A parameter of a preset; {@code standard} is empty if it has no default. */
  record ParameterJson(String name, String standard, String text) {}

  /** A preset that is to be applied. */
  record PresetRequest(Map<String, String> parameters) {}
}
