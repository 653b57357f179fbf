/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.catalog;

import org.facsim.hypervisor.guest.GuestSpec;
import org.facsim.hypervisor.guest.GuestTable;

/**
 * Guests of the shipped {@link GuestTable} under names for code. All others are found by {@link
 * GuestTable#guest}.
 */
public final class GuestOperatingSystem {
  public static final GuestSpec WINDOWS_2000 = shipped("windows-2000");
  public static final GuestSpec WINDOWS_XP = shipped("windows-xp");
  public static final GuestSpec WINDOWS_2003 = shipped("windows-2003");
  public static final GuestSpec WINDOWS_VISTA = shipped("windows-vista");
  public static final GuestSpec WINDOWS_7 = shipped("windows-7");
  public static final GuestSpec WINDOWS_2008 = shipped("windows-2008");
  public static final GuestSpec WINDOWS_2008_R2 = shipped("windows-2008-r2");
  public static final GuestSpec WINDOWS_2012 = shipped("windows-2012");
  public static final GuestSpec WINDOWS_2016 = shipped("windows-2016");
  public static final GuestSpec WINDOWS_2019 = shipped("windows-2019");
  public static final GuestSpec WINDOWS_2022 = shipped("windows-2022");
  public static final GuestSpec LINUX = shipped("linux");
  public static final GuestSpec OTHER = shipped("other");

  private GuestOperatingSystem() {}

  private static GuestSpec shipped(String key) {
    return GuestFile.shipped().guest(key);
  }
}
