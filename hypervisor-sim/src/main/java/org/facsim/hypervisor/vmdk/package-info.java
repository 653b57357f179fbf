/** The formats of virtual disks: text descriptors and redo log headers. Pure bytes and text. */
package org.facsim.hypervisor.vmdk;
