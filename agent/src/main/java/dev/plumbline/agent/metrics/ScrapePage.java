package dev.plumbline.agent.metrics;

import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.ExpositionFormats;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Writes the scrape page in the form that was asked for. Thread-safe. */
public final class ScrapePage {
  private static final int SIZE = 1 << 16;

  private final ExpositionFormats formats = ExpositionFormats.init();
  private final PrometheusRegistry registry;

  ScrapePage(PrometheusRegistry registry) {
    this.registry = registry;
  }

  /**
   * A page.
   *
   * @param contentType what it is
   * @param body the caller's
   */
  public record Written(String contentType, byte[] body) {
    /** Of a page that is text. */
    String text() {
      return new String(body, StandardCharsets.UTF_8);
    }
  }

  Written write(String accept) {
    ExpositionFormatWriter writer = formats.findWriter(accept);
    ByteArrayOutputStream page = new ByteArrayOutputStream(SIZE);
    try {
      writer.write(page, registry.scrape());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new Written(writer.getContentType(), page.toByteArray());
  }
}
