package antiphon.knowledge.extract;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * The process that parses files: reads one after the other from its input, writes what it found to
 * its output, and ends with its input. What it reads is not to be trusted, so it has little memory,
 * and is killed when it takes too long.
 */
public final class ParserMain {

  private ParserMain() {}

  /** Serves until the input ends. */
  public static void main(String[] args) throws IOException {
    OutputStream out = System.out;
    // Whatever a library prints must not get between the answers.
    System.setOut(System.err);
    try (DataInputStream requests = new DataInputStream(new BufferedInputStream(System.in));
        DataOutputStream answers = new DataOutputStream(new BufferedOutputStream(out, 64 * 1024))) {
      TikaReader reader = new TikaReader();
      while (true) {
        String filename;
        try {
          filename = requests.readUTF();
        } catch (EOFException _) {
          return;
        }
        try (Bounded file = new Bounded(requests, requests.readLong())) {
          reader.read(filename, file, answers);
          file.skipAll();
        }
        answers.flush();
      }
    }
  }

  /** A file's bytes within the stream of requests. */
  private static final class Bounded extends FilterInputStream {
    private long left;

    Bounded(InputStream in, long length) {
      super(in);
      this.left = length;
    }

    @Override
    public int read() throws IOException {
      if (left <= 0) {
        return -1;
      }
      int b = in.read();
      left -= b < 0 ? 0 : 1;
      return b;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      if (left <= 0) {
        return length == 0 ? 0 : -1;
      }
      int count = in.read(bytes, offset, (int) Math.min(length, left));
      left -= Math.max(0, count);
      return count;
    }

    @Override
    public long skip(long count) throws IOException {
      long skipped = in.skip(Math.min(count, left));
      left -= skipped;
      return skipped;
    }

    @Override
    public int available() throws IOException {
      return (int) Math.min(in.available(), left);
    }

    @Override
    public boolean markSupported() {
      return false;
    }

    void skipAll() throws IOException {
      byte[] buffer = new byte[64 * 1024];
      while (left > 0) {
        if (read(buffer, 0, buffer.length) < 0) {
          throw new EOFException();
        }
      }
    }

    /** The stream of requests goes on. */
    @Override
    public void close() {}
  }
}
