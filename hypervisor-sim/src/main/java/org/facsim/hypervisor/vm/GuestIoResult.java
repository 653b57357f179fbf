/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.vm;

/**
 * What a guest's I/O came to.
 *
 * @param writes that were on stable storage afterwards
 * @param writtenBytes of them
 * @param trims that the disk took
 * @param trimmedBytes that read as zeros since
 * @param trimsRefused that the disk did not take
 * @param trimsNotSent that the guest kept back, because its disk had refused one since it started
 */
public record GuestIoResult(
    long writes,
    long writtenBytes,
    long trims,
    long trimmedBytes,
    long trimsRefused,
    long trimsNotSent) {
  public static final GuestIoResult NOTHING = new GuestIoResult(0, 0, 0, 0, 0, 0);

  public GuestIoResult plus(GuestIoResult more) {
    return new GuestIoResult(
        writes + more.writes,
        writtenBytes + more.writtenBytes,
        trims + more.trims,
        trimmedBytes + more.trimmedBytes,
        trimsRefused + more.trimsRefused,
        trimsNotSent + more.trimsNotSent);
  }
}
