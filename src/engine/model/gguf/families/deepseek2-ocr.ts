/** Text decoder of DeepSeek-OCR: as deepseek with half-split rotary pairs. */
import { DEEPSEEK } from "./deepseek.ts";
import type { Family } from "./family.ts";

export const DEEPSEEK2_OCR: Family = { ...DEEPSEEK, architecture: "deepseek2-ocr", ropePairing: "halves" };
