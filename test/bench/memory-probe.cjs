// Owns: telling the benchmark the peak memory of the process that loads it.
process.on("exit", () => {
  require("node:fs").writeFileSync(process.env.MEMORY_REPORT, String(process.resourceUsage().maxRSS));
});
