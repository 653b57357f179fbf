/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.it.linux;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Gives the tests of a class a {@link Guest} as a parameter: one, booted once for all classes that
 * ask for it, ended when the test run ends. Where something is missing to boot it, the class is
 * skipped and says what, and which command gets it.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(SharedGuest.class)
@interface LinuxGuest {}
