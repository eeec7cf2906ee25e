/**
 * The procedures of libvirt's remote program that Drover needs, named as libvirt names them. No policy, only arguments and answers.
 */
@NullMarked
package dev.drover.driver.libvirt.remote;

import org.jspecify.annotations.NullMarked;
