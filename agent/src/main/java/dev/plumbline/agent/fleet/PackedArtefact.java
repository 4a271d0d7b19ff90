package dev.plumbline.agent.fleet;

import dev.plumbline.core.Check;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/**
 * An artefact folder as one run of bytes, the same for the same files on every machine: {@code
 * PLFA}, the number of files, then of each, sorted by name, the length of its name (2 bytes), the
 * name, its length (4 bytes) and its bytes. Big-endian. Only plain files without folders, whose
 * names can go nowhere else.
 */
public final class PackedArtefact {
  /** The most bytes of one. */
  public static final int MOST_BYTES = 16 << 20;

  /** Bytes of a piece. */
  static final int PIECE = 256 << 10;

  private static final int MAGIC = 0x504c4641;
  private static final int MOST_FILES = 16;
  private static final String NAME = "[A-Za-z0-9_-][A-Za-z0-9._-]{0,63}";

  private final byte[] bytes;

  private PackedArtefact(byte[] bytes) {
    this.bytes = bytes;
  }

  /**
   * These bytes; what is in them is looked at in {@link #unpack}.
   *
   * @param bytes read, not kept
   */
  public static PackedArtefact of(byte[] bytes) {
    return new PackedArtefact(bytes.clone());
  }

  /**
   * Packs a folder.
   *
   * @throws IllegalArgumentException when it is too large or has something else than plain files
   */
  public static PackedArtefact pack(Path folder) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    try (Stream<Path> children = Files.list(folder);
        DataOutputStream out = new DataOutputStream(all)) {
      List<Path> files = children.sorted().toList();
      require(!files.isEmpty() && files.size() <= MOST_FILES, folder, files.size() + " files");
      out.writeInt(MAGIC);
      out.writeInt(files.size());
      for (Path file : files) {
        add(out, file, MOST_BYTES - all.size());
      }
      require(all.size() <= MOST_BYTES, folder, all.size() + " bytes");
      return new PackedArtefact(all.toByteArray());
    } catch (IOException e) {
      throw new UncheckedIOException(folder + " could not be read", e);
    }
  }

  private static void add(DataOutputStream out, Path file, int room) throws IOException {
    String name = file.getFileName().toString();
    require(name.matches(NAME) && Files.isRegularFile(file), file, "another kind of file or name");
    require(Files.size(file) <= room, file, Files.size(file) + " bytes");
    byte[] content = Files.readAllBytes(file);
    out.writeShort(name.length());
    out.write(name.getBytes(StandardCharsets.US_ASCII));
    out.writeInt(content.length);
    out.write(content);
  }

  /**
   * Writes the files into an empty folder.
   *
   * @throws IllegalArgumentException when these bytes are no packed folder
   */
  public void unpack(Path folder) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    try {
      require(in.remaining() >= 8 && in.getInt() == MAGIC, folder, "other bytes");
      int files = in.getInt();
      require(files > 0 && files <= MOST_FILES, folder, files + " files");
      String before = "";
      for (int i = 0; i < files; i++) {
        String name = new String(next(in, in.getShort(), folder), StandardCharsets.US_ASCII);
        require(name.matches(NAME) && name.compareTo(before) > 0, folder, "another name");
        Files.write(folder.resolve(name), next(in, in.getInt(), folder));
        before = name;
      }
      require(!in.hasRemaining(), folder, in.remaining() + " bytes more");
    } catch (java.nio.BufferUnderflowException e) {
      throw refusal(folder, "the beginning of one");
    } catch (IOException e) {
      throw new UncheckedIOException(folder + " could not be written", e);
    }
  }

  private static byte[] next(ByteBuffer in, int length, Path folder) {
    require(length >= 0 && length <= in.remaining(), folder, "a length of " + length);
    byte[] found = new byte[length];
    in.get(found);
    return found;
  }

  /** A copy. */
  public byte[] bytes() {
    return bytes.clone();
  }

  public int size() {
    return bytes.length;
  }

  /** SHA-256 in hexadecimal. */
  public String digest() {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** How many pieces so many bytes are. */
  static int pieces(int size) {
    return (size + PIECE - 1) / PIECE;
  }

  /** A piece, a copy. */
  byte[] piece(int index) {
    return Arrays.copyOfRange(bytes, index * PIECE, Math.min(bytes.length, index * PIECE + PIECE));
  }

  private static void require(boolean holds, Path where, String found) {
    if (!holds) {
      throw refusal(where, found);
    }
  }

  private static IllegalArgumentException refusal(Path where, String found) {
    return Check.refusal(
        where.toString(),
        "an artefact folder of at most %d plain files and %d bytes"
            .formatted(MOST_FILES, MOST_BYTES),
        found,
        "publish a folder that 'plumbline learn' wrote");
  }
}
