/** Reports: tables and plots as one HTML file, PNG files and JSON. Knows nobody. */
package dev.plumbline.learn.report;
