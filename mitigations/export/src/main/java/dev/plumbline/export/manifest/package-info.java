/** What stands beside an export, so that nobody trusts a stale one. */
package dev.plumbline.export.manifest;
