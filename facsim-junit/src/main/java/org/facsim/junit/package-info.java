/* SPDX-License-Identifier: Apache-2.0 */
/**
 * A JUnit extension that gives each test, or each test class, a storage array of its own, in the
 * test's process: {@link org.facsim.junit.FacsimTest} with {@link org.facsim.junit.Volume}, {@link
 * org.facsim.junit.StoredFile}, {@link org.facsim.junit.Fault} and {@link org.facsim.junit.Seed},
 * or {@link org.facsim.junit.FacsimExtension} as a field. {@link org.facsim.junit.Observation} says
 * what is expected of the array, in sentences.
 *
 * <p>It needs JUnit 5.13 or newer, and nothing that {@code facsim-embedded} does not have.
 */
package org.facsim.junit;
