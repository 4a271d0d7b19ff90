package dev.plumbline.torch.program;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * A TorchScript archive made from program text: the stored (never compressed) zip that {@code
 * torch::jit::load} reads, with one module class and its two attributes, {@code training} (false)
 * and {@code w} (an empty list of tensors, to be filled by a method of the program).
 *
 * <p>Format: PyTorch's serialized TorchScript, version 3: {@code version}, {@code constants.pkl},
 * {@code data.pkl} (pickle protocol 2) and {@code code/__torch__.py}.
 */
public final class ScriptArchive {
  private static final byte[] NO_CONSTANTS = {(byte) 0x80, 2, ')', '.'};

  private ScriptArchive() {}

  /** The archive of one class; {@code code} holds its full text. */
  public static InputStream of(String className, String code) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      store(zip, "m/version", "3\n".getBytes(StandardCharsets.US_ASCII));
      store(zip, "m/constants.pkl", NO_CONSTANTS);
      store(zip, "m/data.pkl", module(className));
      store(zip, "m/code/__torch__.py", code.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException("a zip in memory could not be written", e);
    }
    return new ByteArrayInputStream(bytes.toByteArray());
  }

  private static void store(ZipOutputStream zip, String name, byte[] content) throws IOException {
    CRC32 crc = new CRC32();
    crc.update(content);
    ZipEntry entry = new ZipEntry(name);
    entry.setMethod(ZipEntry.STORED);
    entry.setSize(content.length);
    entry.setCompressedSize(content.length);
    entry.setCrc(crc.getValue());
    zip.putNextEntry(entry);
    zip.write(content);
    zip.closeEntry();
  }

  /** {@code __torch__.ClassName} made by NEWOBJ, its state {training: False, w: []} by BUILD. */
  private static byte[] module(String className) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(0x80);
    out.write(2);
    ascii(out, "c__torch__\n" + className + "\n)");
    out.write(0x81);
    ascii(out, "}(");
    unicode(out, "training");
    out.write(0x89);
    unicode(out, "w");
    ascii(out, "ctorch.jit._pickle\nbuild_tensorlist\n(]tRub.");
    return out.toByteArray();
  }

  private static void ascii(ByteArrayOutputStream out, String text) {
    out.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
  }

  private static void unicode(ByteArrayOutputStream out, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.writeBytes(new byte[] {'X', (byte) bytes.length, 0, 0, 0});
    out.writeBytes(bytes);
  }
}
