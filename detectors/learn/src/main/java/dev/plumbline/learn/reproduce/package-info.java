/** Every claim of the papers, measured on organisms trained from nothing. */
package dev.plumbline.learn.reproduce;
