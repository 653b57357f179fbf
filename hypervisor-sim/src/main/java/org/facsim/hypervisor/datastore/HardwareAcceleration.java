/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.datastore;

/**
 * What an array answered to the support query, as a host keeps it per datastore.
 *
 * @param fullFileClone whole files can be cloned
 * @param cloneAcrossVolumes whole files of another volume of the same array can be cloned
 * @param fastFileClone lazy (native) clones
 * @param extendedStatistics space figures per file
 * @param reserveSpace thick disks
 * @param unmap ranges of files can be unmapped
 * @param unavailable why there is no session at all; null if there is one
 */
public record HardwareAcceleration(
    boolean fullFileClone,
    boolean cloneAcrossVolumes,
    boolean fastFileClone,
    boolean extendedStatistics,
    boolean reserveSpace,
    boolean unmap,
    String unavailable) {

  /** The answer of an array without UNMAP, as all were before ESXi 9.0. */
  public HardwareAcceleration(
      boolean fullFileClone,
      boolean cloneAcrossVolumes,
      boolean fastFileClone,
      boolean extendedStatistics,
      boolean reserveSpace,
      String unavailable) {
    this(
        fullFileClone,
        cloneAcrossVolumes,
        fastFileClone,
        extendedStatistics,
        reserveSpace,
        false,
        unavailable);
  }

  /** Every primitive works. */
  public static HardwareAcceleration complete() {
    return new HardwareAcceleration(true, true, true, true, true, true, null);
  }

  /** No plugin, no session, no answer. */
  public static HardwareAcceleration unavailable(String why) {
    return new HardwareAcceleration(false, false, false, false, false, why);
  }

  /**
   * The line "Hardware Acceleration: Supported" of a datastore, which only means that at least one
   * primitive works.
   */
  public boolean shownAsSupported() {
    return fullFileClone
        || cloneAcrossVolumes
        || fastFileClone
        || extendedStatistics
        || reserveSpace
        || unmap;
  }

  /** The same as a host shows it. */
  public AccelerationStatus status() {
    return shownAsSupported() ? AccelerationStatus.SUPPORTED : AccelerationStatus.NOT_SUPPORTED;
  }
}
