/** The control that reads words only. */
package dev.plumbline.learn.direction.text;
