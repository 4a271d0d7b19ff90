/**
 * The demo: the shipped organism served by a real agent, asked over HTTP, judged on what came back.
 */
package dev.plumbline.learn.demo;
