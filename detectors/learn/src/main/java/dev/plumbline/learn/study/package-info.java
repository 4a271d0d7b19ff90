/** What the organism shows: its direction learned, ablated, transferred and scored, with controls. */
package dev.plumbline.learn.study;
