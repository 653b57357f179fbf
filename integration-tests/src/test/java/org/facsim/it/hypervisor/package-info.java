/** Simulated hosts against the array, over TCP. */
package org.facsim.it.hypervisor;
