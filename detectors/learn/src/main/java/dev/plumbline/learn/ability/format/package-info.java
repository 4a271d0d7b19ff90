/** Items in the file formats that their authors published them in; whatever differs is an error. */
package dev.plumbline.learn.ability.format;
