// Owns: the programs that these tests run, found on this machine.
// Promises: a missing program fails the tests and names its package; nothing is passed over.
// Must not: install anything.
import { accessSync, constants, mkdirSync, symlinkSync } from "node:fs";
import { delimiter, isAbsolute, join } from "node:path";
import { execa } from "execa";

/** Debian package of each program. */
const PACKAGES = {
  busybox: "busybox",
  "redis-server": "redis-server",
  "redis-cli": "redis-tools",
  "redis-check-rdb": "redis-tools",
  mariadb: "mariadb-client",
  "mariadb-dump": "mariadb-client",
  rclone: "rclone",
  shellcheck: "shellcheck",
} as const;

export type Program = keyof typeof PACKAGES;

/** Absolute path of a program. */
export function programPath(name: Program): string {
  for (const folder of (process.env.PATH ?? "").split(delimiter).filter(isAbsolute)) {
    const path = join(folder, name);
    if (isExecutable(path)) return path;
  }
  throw new Error(`${name} is not on the PATH. These tests need it: apt-get install ${PACKAGES[name]}`);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "EACCES"))
      return false;
    throw error;
  }
}

/** A PATH as in the images: busybox for everything but the engine's tools and rclone. */
export async function alpinePath(directory: string): Promise<string> {
  const folder = join(directory, "bin");
  mkdirSync(folder);
  const busybox = programPath("busybox");
  const { stdout } = await execa(busybox, ["--list"]);
  for (const applet of stdout.split("\n")) symlinkSync(busybox, join(folder, applet));
  for (const name of ["redis-server", "redis-cli", "redis-check-rdb", "rclone"] as const) {
    symlinkSync(programPath(name), join(folder, name));
  }
  return folder;
}

/** Programs of Debian's and Ubuntu's base system that the scripts ask for; another one would be missing in the image. */
const BASE =
  "awk cat cut date dirname find grep gzip head mkdir mv printf rm sed sh sha256sum sleep sort tail touch tr wc";

/** A PATH as in images on Debian or Ubuntu: dash as the shell, GNU's tools. */
export function debianPath(directory: string): string {
  const folder = join(directory, "debian-bin");
  mkdirSync(folder);
  for (const name of BASE.split(" ")) {
    const found = ["/usr/bin", "/bin"].map((place) => join(place, name)).find(isExecutable);
    if (found === undefined) throw new Error(`${name} is neither in /usr/bin nor in /bin`);
    symlinkSync(found, join(folder, name));
  }
  return folder;
}
