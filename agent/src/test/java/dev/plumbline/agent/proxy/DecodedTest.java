package dev.plumbline.agent.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plumbline.core.score.UnscoredReason;
import io.airlift.compress.zstd.ZstdOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Base64;
import java.util.Random;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Content codings undone, within a bound. */
class DecodedTest {
  private static final int BOUND = 1 << 20;

  /** Google's encoder, quality 11. */
  private static final byte[] BROTLI =
      Base64.getDecoder()
          .decode(
              "G0UAcJ0HtvOUHd1iIblznrAU2dprkLC4OqnT1dciZWl0wCEnQgc9tAUWBRtwEHmswQqzUaUp1rZI538Rh/gG");

  private static final String BROTLI_TEXT =
      "{\"choices\":[{\"message\":{\"content\":\"a quiet answer, a quiet answer\"}}]}";

  /** 4 MiB of zeros. */
  private static final byte[] BROTLI_BOMB = Base64.getDecoder().decode("m///P/gnAOKxQCD3/gc=");

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "x-gzip", "deflate", "raw", "zstd"})
  void of_coded_isTheText(String coding) throws IOException {
    byte[] body = text(50_000);
    Decoded decoded = Decoded.of(encode(coding, body), header(coding), body.length, true);
    assertThat(decoded.failure()).isEmpty();
    assertThat(decoded.bytes()).isEqualTo(body);
  }

  @Test
  void of_brotli_isTheText() {
    assertThat(Decoded.of(BROTLI, "br", BOUND, true).bytes()).asString().isEqualTo(BROTLI_TEXT);
    assertThat(Decoded.of(BROTLI, " BR ", BOUND, true).failure()).isEmpty();
  }

  @Test
  void of_identityOrUnknown_isAsItIsOrUnparseable() {
    byte[] body = text(10);
    assertThat(Decoded.of(body, "", BOUND, true).bytes()).isSameAs(body);
    assertThat(Decoded.of(body, "Identity", BOUND, true).bytes()).isSameAs(body);
    for (String unknown : new String[] {"compress", "dcb", "gzip, br"}) {
      assertThat(Decoded.of(body, unknown, BOUND, true).failure())
          .contains(UnscoredReason.UNPARSEABLE);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "deflate", "raw", "zstd"})
  void of_bomb_isTooLong(String coding) throws IOException {
    byte[] bomb = encode(coding, new byte[8 << 20]);
    assertThat(bomb.length).isLessThan(100_000);
    assertThat(Decoded.of(bomb, header(coding), BOUND, true).failure())
        .contains(UnscoredReason.TOO_LONG);
    assertThat(Decoded.of(bomb, header(coding), BOUND, false).failure())
        .contains(UnscoredReason.TOO_LONG);
  }

  @Test
  void of_brotliBomb_isTooLong() {
    assertThat(Decoded.of(BROTLI_BOMB, "br", BOUND, true).failure())
        .contains(UnscoredReason.TOO_LONG);
    assertThat(Decoded.of(BROTLI_BOMB, "br", 4 << 20, true).bytes()).hasSize(4 << 20);
  }

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "deflate", "raw", "zstd", "br"})
  void of_garbage_isUnparseableAndNeverThrows(String coding) throws IOException {
    Random random = new Random(5);
    byte[] sound = coding.equals("br") ? BROTLI : encode(coding, text(20_000));
    for (int round = 0; round < 200; round++) {
      byte[] broken = sound.clone();
      broken[random.nextInt(broken.length)] ^= (byte) (1 + random.nextInt(255));
      broken = Arrays.copyOf(broken, 1 + random.nextInt(broken.length));
      Decoded cut = Decoded.of(broken, header(coding), BOUND, false);
      Decoded whole = Decoded.of(broken, header(coding), BOUND, true);
      assertThat(cut.bytes().length).isLessThanOrEqualTo(BOUND);
      assertThat(whole.bytes().length).isLessThanOrEqualTo(BOUND);
    }
    assertThat(Decoded.of(new byte[] {9, 9, 9, 9, 9, 9}, header(coding), BOUND, true).failure())
        .contains(UnscoredReason.UNPARSEABLE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "deflate", "raw"})
  void of_cutBody_isDecodedUpToTheCutOnlyWhereTheClientLeft(String coding) throws IOException {
    byte[] first = text(3_000);
    byte[] flushed = encode(coding, first, text(3_000));
    byte[] cut = Arrays.copyOf(flushed, flushed.length - 40);
    assertThat(Decoded.of(cut, header(coding), BOUND, true).failure())
        .contains(UnscoredReason.UNPARSEABLE);
    Decoded left = Decoded.of(cut, header(coding), BOUND, false);
    assertThat(left.failure()).isEmpty();
    assertThat(left.bytes().length).isGreaterThanOrEqualTo(first.length);
    assertThat(Arrays.copyOf(left.bytes(), first.length)).isEqualTo(first);
  }

  @Test
  void of_cutZstd_hasTheBlocksBeforeTheCut() throws IOException {
    byte[] body = text(600_000);
    byte[] coded = encode("zstd", body);
    byte[] two = Arrays.copyOf(coded, 2 * coded.length);
    System.arraycopy(coded, 0, two, coded.length, coded.length);
    int last = 0;
    for (int end = 0; end < coded.length; end += 9_999) {
      Decoded left = Decoded.of(Arrays.copyOf(coded, end), "zstd", BOUND, false);
      assertThat(left.failure()).isEmpty();
      assertThat(Arrays.copyOf(body, left.bytes().length)).isEqualTo(left.bytes());
      assertThat(left.bytes().length).isGreaterThanOrEqualTo(last);
      last = left.bytes().length;
      Decoded second = Decoded.of(Arrays.copyOf(two, coded.length + end), "zstd", 2 * BOUND, false);
      assertThat(second.bytes().length).isEqualTo(body.length + last);
    }
    assertThat(last).isGreaterThan(400_000);
    assertThat(Decoded.of(coded, "zstd", BOUND, false).bytes()).isEqualTo(body);
  }

  private static String header(String coding) {
    return coding.equals("raw") ? "deflate" : coding;
  }

  private static byte[] text(int length) {
    Random random = new Random(length);
    byte[] text = new byte[length];
    for (int i = 0; i < length; i++) {
      text[i] = (byte) ('a' + random.nextInt(20));
    }
    return text;
  }

  private static byte[] encode(String coding, byte[]... pieces) throws IOException {
    ByteArrayOutputStream coded = new ByteArrayOutputStream();
    try (OutputStream out = encoder(coding, coded)) {
      for (byte[] piece : pieces) {
        out.write(piece);
        out.flush();
      }
    }
    return coded.toByteArray();
  }

  private static OutputStream encoder(String coding, OutputStream to) throws IOException {
    return switch (coding) {
      case "deflate" -> new DeflaterOutputStream(to, true);
      case "raw" -> new DeflaterOutputStream(to, new Deflater(9, true), 512, true);
      case "zstd" -> new ZstdOutputStream(to);
      default -> new GZIPOutputStream(to, 512, true);
    };
  }
}
