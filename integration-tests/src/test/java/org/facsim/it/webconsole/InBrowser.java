/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.it.webconsole;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Gives the tests of a class a {@link Chromium} as a parameter: one for all classes that ask for
 * it, ended when the test run ends. Without chromium the class is skipped and says how to get it.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(SharedChromium.class)
@interface InBrowser {}
