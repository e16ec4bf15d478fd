/**
 * Every always-on check, in the order in which they are asked: where one cause breaks several rules, the earlier finding
 * is the one reported. Adding a check is one file beside this one and one line here.
 */
import { cr20 } from './cr-20.js';
import { dio08 } from './dio-08.js';
import type { CheckDefinition } from './engine/definition.js';
import { fsX9 } from './fs-x9.js';
import { fsX13 } from './fs-x13.js';
import { inv01 } from './inv-01.js';
import { inv02 } from './inv-02.js';
import { inv03 } from './inv-03.js';
import { inv04 } from './inv-04.js';
import { inv05 } from './inv-05.js';
import { inv06 } from './inv-06.js';
import { inv07 } from './inv-07.js';
import { inv08 } from './inv-08.js';
import { inv09 } from './inv-09.js';
import { inv10 } from './inv-10.js';
import { inv11 } from './inv-11.js';
import { inv12 } from './inv-12.js';
import { inv13 } from './inv-13.js';
import { inv14 } from './inv-14.js';
import { inv15 } from './inv-15.js';
import { inv16 } from './inv-16.js';
import { inv17 } from './inv-17.js';
import { inv18 } from './inv-18.js';
import { inv19 } from './inv-19.js';
import { inv20 } from './inv-20.js';
import { inv21 } from './inv-21.js';
import { inv22 } from './inv-22.js';
import { inv23 } from './inv-23.js';
import { inv24 } from './inv-24.js';
import { inv25 } from './inv-25.js';
import { inv26 } from './inv-26.js';
import { inv27 } from './inv-27.js';
import { inv28 } from './inv-28.js';
import { inv33 } from './inv-33.js';
import { inv34 } from './inv-34.js';
import { inv35 } from './inv-35.js';
import { inv38 } from './inv-38.js';
import { inv40 } from './inv-40.js';
import { inv41 } from './inv-41.js';
import { inv42 } from './inv-42.js';
import { inv43 } from './inv-43.js';
import { inv44 } from './inv-44.js';
import { inv45 } from './inv-45.js';
import { inv47 } from './inv-47.js';
import { inv48 } from './inv-48.js';
import { inv49 } from './inv-49.js';
import { inv50 } from './inv-50.js';
import { inv51 } from './inv-51.js';
import { inv52 } from './inv-52.js';
import { inv53 } from './inv-53.js';
import { inv57 } from './inv-57.js';
import { inv58 } from './inv-58.js';
import { inv59 } from './inv-59.js';
import { inv66 } from './inv-66.js';
import { inv67 } from './inv-67.js';
import { inv68 } from './inv-68.js';
import { inv69 } from './inv-69.js';
import { inv70 } from './inv-70.js';
import { inv71 } from './inv-71.js';
import { inv72 } from './inv-72.js';
import { inv74 } from './inv-74.js';
import { inv76 } from './inv-76.js';
import { inv77 } from './inv-77.js';
import { map10 } from './map-10.js';
import { map13 } from './map-13.js';
import { map20 } from './map-20.js';
import { map24 } from './map-24.js';
import { map30 } from './map-30.js';
import { map36 } from './map-36.js';
import { map52 } from './map-52.js';
import { map60 } from './map-60.js';
import { map66 } from './map-66.js';
import { map67 } from './map-67.js';
import { pc04 } from './pc-04.js';
import { pc92 } from './pc-92.js';
import { r20 } from './r-20.js';
import { seek02 } from './seek-02.js';
import { wb16 } from './wb-16.js';
import { wb26 } from './wb-26.js';
import { wb50 } from './wb-50.js';
import { wb60 } from './wb-60.js';
import { wb73 } from './wb-73.js';
import { wb74 } from './wb-74.js';

export const CHECKS: readonly CheckDefinition[] = [
  inv01,
  inv02,
  inv03,
  inv04,
  inv05,
  inv06,
  inv07,
  inv08,
  inv09,
  inv10,
  inv11,
  inv12,
  inv13,
  inv14,
  inv15,
  inv16,
  inv17,
  inv18,
  inv19,
  inv20,
  inv21,
  inv22,
  inv23,
  inv24,
  inv25,
  inv26,
  inv27,
  inv28,
  inv33,
  inv34,
  inv35,
  inv38,
  inv40,
  inv41,
  inv42,
  inv43,
  inv44,
  inv45,
  inv47,
  inv48,
  inv49,
  inv50,
  inv51,
  inv52,
  inv53,
  inv57,
  inv58,
  inv59,
  inv66,
  inv67,
  inv68,
  inv69,
  inv70,
  inv71,
  inv72,
  inv74,
  inv76,
  inv77,
  map10,
  map13,
  map20,
  map24,
  map30,
  map36,
  map52,
  map60,
  map66,
  map67,
  pc04,
  pc92,
  r20,
  wb16,
  wb26,
  wb50,
  wb60,
  wb73,
  wb74,
  cr20,
  dio08,
  fsX9,
  fsX13,
  seek02,
];
