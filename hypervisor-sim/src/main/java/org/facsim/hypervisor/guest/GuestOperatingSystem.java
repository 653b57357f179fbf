/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.guest;

/**
 * The guests that a host distinguishes when it quiesces, with their {@code guestOS} names of the
 * .vmx.
 */
public enum GuestOperatingSystem {
  WINDOWS_2000("Windows 2000", "win2000serv", Family.SYNC_DRIVER_ONLY),
  WINDOWS_XP("Windows XP", "winxppro", Family.SYNC_DRIVER_ONLY),
  WINDOWS_2003("Windows 2003", "winnetstandard-64", Family.SERVER_VSS),
  WINDOWS_VISTA("Windows Vista", "winvista-64", Family.DESKTOP_VSS),
  WINDOWS_7("Windows 7", "windows7-64", Family.DESKTOP_VSS),
  WINDOWS_2008("Windows 2008", "winlonghorn-64", Family.SERVER_VSS),
  WINDOWS_2008_R2("Windows 2008 R2", "windows7srv-64", Family.SERVER_VSS),
  WINDOWS_2012("Windows 2012", "windows8srv-64", Family.SERVER_VSS),
  WINDOWS_2016("Windows 2016", "windows9srv-64", Family.SERVER_VSS),
  WINDOWS_2019("Windows 2019", "windows2019srv-64", Family.SERVER_VSS),
  WINDOWS_2022("Windows 2022", "windows2019srvNext-64", Family.SERVER_VSS),
  LINUX("Linux", "other3xlinux-64", Family.UNQUIESCED),
  OTHER("other", "other-64", Family.UNQUIESCED);

  /** What VMware Tools can do in a guest for consistency. */
  enum Family {
    /** Nothing: a snapshot is crash-consistent. */
    UNQUIESCED,
    /** File systems are flushed by the Tools sync driver; there is no VSS. */
    SYNC_DRIVER_ONLY,
    /** VSS without application writers: file-system level. */
    DESKTOP_VSS,
    /** VSS with application writers. */
    SERVER_VSS
  }

  private final String displayName;
  private final String vmxName;
  private final Family family;

  GuestOperatingSystem(String displayName, String vmxName, Family family) {
    this.displayName = displayName;
    this.vmxName = vmxName;
    this.family = family;
  }

  /** The name that an administrator uses, such as {@code Windows 2008 R2}. */
  public String displayName() {
    return displayName;
  }

  /** The value of {@code guestOS} in the .vmx. */
  public String vmxName() {
    return vmxName;
  }

  Family family() {
    return family;
  }
}
