/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.datastore;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * The values of a host's advanced settings. A change counts from the next time that the host looks:
 * the next heartbeat, the next lock update, the next mount. Thread-safe.
 */
public final class AdvancedSettings {
  private final ConcurrentMap<AdvancedSetting, Long> values = new ConcurrentHashMap<>();

  /** The defaults. */
  public AdvancedSettings() {
    for (AdvancedSetting each : AdvancedSetting.values()) {
      values.put(each, each.defaultValue());
    }
  }

  /**
   * The defaults, except for these.
   *
   * @throws IllegalArgumentException if a value is out of bounds
   */
  public AdvancedSettings(Map<AdvancedSetting, Long> changed) {
    this();
    changed.forEach(this::set);
  }

  public long get(AdvancedSetting setting) {
    return values.get(setting);
  }

  /**
   * The value by name.
   *
   * @throws IllegalArgumentException if there is no such setting, with those that there are
   */
  public long get(String name) {
    return get(AdvancedSetting.of(name));
  }

  /**
   * Changes a setting.
   *
   * @throws IllegalArgumentException if the value is out of bounds, with what is allowed
   */
  public void set(AdvancedSetting setting, long value) {
    values.put(setting, setting.checked(value));
  }

  /**
   * Changes a setting by name.
   *
   * @throws IllegalArgumentException if there is no such setting, or the value is out of bounds
   */
  public void set(String name, long value) {
    set(AdvancedSetting.of(name), value);
  }

  /** Goes back to the values of an earlier moment. */
  public void restore(Map<AdvancedSetting, Long> all) {
    all.forEach(this::set);
  }

  /** All values of one moment. */
  public Map<AdvancedSetting, Long> all() {
    Map<AdvancedSetting, Long> all = new EnumMap<>(AdvancedSetting.class);
    for (AdvancedSetting each : AdvancedSetting.values()) {
      all.put(each, get(each));
    }
    return all;
  }

  /** A setting that is measured in seconds. */
  Duration seconds(AdvancedSetting setting) {
    return Duration.ofSeconds(get(setting));
  }

  /** How long a datastore is silent before it is down. */
  Duration downAfter() {
    return seconds(AdvancedSetting.HEARTBEAT_FREQUENCY)
        .multipliedBy(get(AdvancedSetting.HEARTBEAT_MAX_FAILURES))
        .plus(seconds(AdvancedSetting.HEARTBEAT_TIMEOUT));
  }

  /** How long a lock is not updated before it is stale. */
  Duration lockStaleAfter() {
    return seconds(AdvancedSetting.DISK_FILE_LOCK_UPDATE_FREQ)
        .multipliedBy(get(AdvancedSetting.LOCK_RENEW_MAX_FAILURE_NUMBER))
        .plus(seconds(AdvancedSetting.LOCK_UPDATE_TIMEOUT));
  }
}
