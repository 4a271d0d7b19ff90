/** {@code plumbline bench}: speeds beside their rooflines. */
package dev.plumbline.learn.bench;
