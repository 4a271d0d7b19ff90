/** Data as people bring it: files in documented formats, checked before anything is computed. */
package dev.plumbline.learn.data;
